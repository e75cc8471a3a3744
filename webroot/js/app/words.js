/** Figures and states in words, for people. Pure functions. */
import { countInWords } from '../../packages/terminal/words.js';

export * from '../../packages/terminal/words.js';

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

/** 1234 ms → "1.2 s". */
export function secondsInWords(ms) {
  const seconds = ms / 1000;
  if (seconds < 99.95) {
    return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  }
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** Nobody sees output as late that is younger than this. */
const LATE_MS = 500;

/** The lag of a subscription: "1.2 s behind", or empty. Old hubs tell bytes only. */
export function lagInWords({ lagMs, lagBytes = 0 }) {
  if (lagMs === undefined) {
    return lagBytes > 0 ? `${bytesInWords(lagBytes)} behind` : '';
  }
  return lagMs >= LATE_MS ? `${secondsInWords(lagMs)} behind` : '';
}

/** Explains what a zone means for a subscriber's output. */
function meaning(zone, lossless) {
  if (lossless) {
    return 'the program waits for you';
  }
  return zone === 'red' ? 'output is condensed and comes in steps' : 'output is condensed';
}

/** Explains the state of a subscription to its user. */
export function flowInWords(status) {
  const { zone, unackedDeliveries = 0, lag } = status;
  const behind = lagInWords(status);
  if (zone === 'green') {
    return behind === '' ? 'Live' : `You are ${behind}`;
  }
  const where = behind === '' ? `${countInWords(unackedDeliveries)} deliveries unread` : `You are ${behind}`;
  return `${where}; ${meaning(zone, lag === 'block')}`;
}

/** The hub has not been heard for so long. Whole seconds: this is read, not measured. */
export function silenceInWords(ms) {
  const seconds = Math.floor(ms / 1000);
  const time = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
  return `No answer from the hub for ${time}`;
}

/** "The session was not killed: …", or that it may not have been where nobody can know. */
export function failureInWords(what, done, error) {
  return `${what} ${error.uncertain ? 'may not have been' : 'was not'} ${done}: ${error.message}`;
}
