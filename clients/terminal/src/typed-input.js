/** Reports that a terminal sends without a key: focus in and out, and the mouse in its SGR form. */
const REPORT = /^\x1b\[(?:[IO]|<\d+;\d+;\d+[Mm])$/;

/** Returns whether that input was typed or pasted by a person, and is no report of the mouse or the focus. */
export function isTyped(text) {
  return !REPORT.test(text);
}
