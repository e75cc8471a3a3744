/** The hub tells no more of one. */
const MAX_BYTES = 262_144;

/**
 * What a command has put out, as the hub has it: → {text, truncated, …}. Rejects where the hub does not know it.
 *
 * @param ask sends the session an action with a body → a promise
 * @param command of CommandMarks
 */
export async function commandOutput(ask, command) {
  const id = command.id ?? (await idAt(ask, command.offset));
  if (id === null) {
    throw new Error('the hub does not know this command');
  }
  command.id = id;
  return ask('commandOutput', { id, maxBytes: MAX_BYTES });
}

/** The command whose output begins there, or null. */
async function idAt(ask, offset) {
  let next;
  do {
    const page = await ask('commands', next === undefined ? {} : { before: next });
    const found = page.commands.find(({ outputFrom }) => outputFrom === offset);
    if (found !== undefined) {
      return found.id;
    }
    next = page.commands[0]?.outputFrom > offset ? page.next : undefined;
  } while (next !== undefined);
  return null;
}
