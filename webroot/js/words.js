/** Figures and states in words, for people. Pure functions. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** 1234567 → "1.2 MB", decimal units. */
export function bytesInWords(count) {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export const countInWords = (count) => Math.round(count).toLocaleString('en-US');

/** What a subscription's state means for whoever looks at it. */
export function flowInWords({ zone, unackedDeliveries = 0, lagBytes = 0 }) {
  if (lagBytes > 0 && zone !== 'green') {
    return `You are ${bytesInWords(lagBytes)} behind; output is condensed`;
  }
  if (zone === 'red') {
    return `${countInWords(unackedDeliveries)} deliveries unread; output is slowed down a lot`;
  }
  if (zone === 'yellow') {
    return `${countInWords(unackedDeliveries)} deliveries unread; output is slowed down`;
  }
  return lagBytes > 0 ? `${bytesInWords(lagBytes)} behind` : 'Live';
}

const DISCONNECTED = {
  red_zone: 'Disconnected: this window read too slowly and the hub is set to drop slow readers.',
  queue_overflow: 'Disconnected: too much output was waiting for this window.',
  stalled: 'Disconnected: this window stopped reading.',
  kicked: 'Disconnected by an operator.',
  shutdown: 'The hub is shutting down.',
};

export const disconnectInWords = (reason) => DISCONNECTED[reason] ?? `Disconnected (${reason}).`;

/** "exited with code 1", "ended by SIGKILL". */
export function exitInWords(exit) {
  if (!exit) {
    return 'exited';
  }
  if (exit.signal) {
    const name = String(exit.signal);
    return `ended by ${name.startsWith('SIG') ? name : `SIG${name}`}`;
  }
  return `exited with code ${exit.code}`;
}

/** The name a person knows a session by. */
export function sessionLabel(session) {
  return session.name || session.title || commandLabel(session.command) || session.id;
}

/** The command as one line, its program without the folder. */
export function commandLabel(command) {
  if (!Array.isArray(command) || command.length === 0) {
    return '';
  }
  const [program, ...rest] = command;
  return [program.split('/').pop(), ...rest].join(' ');
}
