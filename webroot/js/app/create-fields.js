/** Readers of the create dialog's fields. They throw an Error whose message is for the user. */

/** Lines NAME=value → {env}, or nothing where there are none. */
export function environmentOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const env = {};
  for (const line of lines) {
    const at = line.indexOf('=');
    const name = line.slice(0, at).trim();
    if (at < 1 || name === '') {
      throw new Error(`“${line.trim()}” is not of the form NAME=value`);
    }
    env[name] = line.slice(at + 1);
  }
  return lines.length === 0 ? {} : { env };
}

const MAX_CELLS = 1000;

/** "120x40" → {cols, rows}; nothing for an empty text, which stands for the size of the window. */
export function sizeOf(text) {
  if (text.trim() === '') {
    return {};
  }
  const [, cols, rows] = /^\s*(\d{1,4})\s*[x×* ]\s*(\d{1,4})\s*$/.exec(text) ?? [];
  const size = { cols: Number(cols), rows: Number(rows) };
  if (![size.cols, size.rows].every((cells) => cells >= 1 && cells <= MAX_CELLS)) {
    throw new Error('the size is columns × rows, such as 120×40, each from 1 to 1000');
  }
  return size;
}
