import { ageInWords } from './age.js';
import { commandLabel, exitInWords, sessionLabel } from './words.js';

/**
 * The list's words on a session beside its name: `activity`, what runs there or how it ended, and
 * `figures`, its size, viewers and age.
 *
 * @param now milliseconds since 1970
 */
export function sessionFacts(session, now) {
  const exited = session.state === 'exited';
  const viewers = session.subscribers ?? 0;
  const figures = [`${session.cols}×${session.rows}`];
  if (viewers > 0) {
    figures.push(viewers === 1 ? '1 viewer' : `${viewers} viewers`);
  }
  const age = ageInWords(now - Date.parse(session.createdAt));
  if (age !== '') {
    figures.push(age);
  }
  return { activity: exited ? exitInWords(session.exit) : activity(session), figures: figures.join(' · ') };
}

/** The program that runs in a session, or its directory, if its label says the program already. */
function activity(session) {
  const label = sessionLabel(session);
  return [session.title, commandLabel(session.command), session.cwd].find((text) => text && text !== label) ?? '';
}
