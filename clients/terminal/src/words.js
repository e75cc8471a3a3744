/** What happens to a session and to what is typed into it, in words, for people. Pure functions. */

export const countInWords = (count) => Math.round(count).toLocaleString('en-US');

/** Scrollback that is being fetched; `part` of it, 0 to 1, is there. */
export const aboveInWords = (lines, part) =>
  `Fetching ${lines === 1 ? '1 line' : `${countInWords(lines)} lines`} above… ${Math.floor(part * 100)} %`;

const charactersInWords = (count) => (count === 1 ? '1 character' : `${countInWords(count)} characters`);

/** Input that is on its way, or waits for the link. */
export function openInputInWords({ unconfirmed, unsent }) {
  if (unconfirmed === 0) {
    return `${charactersInWords(unsent)} typed, not sent yet`;
  }
  const rest = unsent > 0 ? `, ${countInWords(unsent)} not sent yet` : '';
  return `${charactersInWords(unconfirmed)} unconfirmed${rest}`;
}

/** Input whose fate was settled otherwise than by an answer of the hub. */
export function lostInputInWords({ unconfirmed, unsent }) {
  const them = unconfirmed === 1 ? 'it' : 'them';
  const doubt = `${charactersInWords(unconfirmed)} may not have been taken: the hub did not confirm ${them}`;
  const typed = unconfirmed > 0 ? `${countInWords(unsent)} typed after that` : `${charactersInWords(unsent)} typed`;
  const never = `${typed} ${unsent === 1 ? 'was' : 'were'} not sent`;
  return `${[unconfirmed > 0 && doubt, unsent > 0 && never].filter(Boolean).join('; ')}.`;
}

const DISCONNECTED = {
  red_zone: 'Disconnected: this window read too slowly and the hub is set to drop slow readers.',
  queue_overflow: 'Disconnected: too much output was waiting for this window.',
  stalled: 'Disconnected: this window stopped reading.',
  kicked: 'Disconnected by an operator.',
  shutdown: 'The hub is shutting down.',
  restarting: 'The hub is being upgraded and is back in a moment.',
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

/** So many characters of a share's id tell it from others. */
const SHARE_CHARS = 6;

/** The hub's `user` as a name: "admin", "bob", "guest 3fA9xQ". */
export function userInWords(user) {
  if (user.startsWith('share:')) {
    return `guest ${user.slice(6, 6 + SHARE_CHARS)}`;
  }
  return user.startsWith('user:') ? user.slice(5) : user || 'the hub itself';
}

/** Who drives a session, as the hub tells its lease: "guest 3fA9xQ (runs the tests) drives". */
export const driverInWords = ({ holder, note }) => `${userInWords(holder)}${note ? ` (${note})` : ''} drives`;

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
