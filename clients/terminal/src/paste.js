/** Limits of the preview of a paste. */
const PREVIEW_LINES = 6;
const PREVIEW_CHARS = 400;

/**
 * Text that is safe to paste: no control characters but tab and line ends, so that no paste can type an escape
 * sequence or leave its brackets.
 */
export function cleanPaste(text) {
  return [...text].filter((char) => !isControl(char)).join('');
}

function isControl(char) {
  const code = char.codePointAt(0);
  return (code < 0x20 && !'\t\r\n'.includes(char)) || (code >= 0x7f && code <= 0x9f);
}

/**
 * The question before a paste, or null. Where the session does not bracket what is pasted, each line end runs a command.
 */
export function pasteQuestion(text, bracketed) {
  if (bracketed || !/[\r\n]/.test(text)) {
    return null;
  }
  const lines = text.split(/\r\n|\r|\n/);
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const what = count === 1 ? 'This line ends with a line break' : `These are ${count} lines`;
  return {
    text: `${what}. The program cannot tell that they are pasted, and may run each line at once.`,
    preview: preview(lines, count),
  };
}

function preview(lines, count) {
  const shown = lines.slice(0, Math.min(PREVIEW_LINES, count)).join('\n').slice(0, PREVIEW_CHARS);
  return count > PREVIEW_LINES || shown.length === PREVIEW_CHARS ? `${shown}\n…` : shown;
}
