/**
 * Splits a command line into its arguments, as a shell would: blanks separate, single quotes keep
 * everything, double quotes keep all but \" and \\, a backslash keeps the next character. Nothing
 * is expanded. Throws an Error whose message is for the user where a quote is not closed.
 */
export function splitCommandLine(line) {
  const words = [];
  let word = null;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (char === "'" || char === '"') {
      const end = closing(line, i);
      word = (word ?? '') + unquoted(line.slice(i + 1, end), char);
      i = end;
    } else if (/\s/.test(char)) {
      if (word !== null) {
        words.push(word);
        word = null;
      }
    } else {
      if (char === '\\' && i + 1 < line.length) {
        i++;
      }
      word = (word ?? '') + line[i];
    }
  }
  return word === null ? words : [...words, word];
}

function closing(line, open) {
  const quote = line[open];
  for (let i = open + 1; i < line.length; i++) {
    if (line[i] === '\\' && quote === '"') {
      i++;
    } else if (line[i] === quote) {
      return i;
    }
  }
  throw new Error(`the ${quote} at character ${open + 1} is not closed`);
}

const unquoted = (text, quote) => (quote === '"' ? text.replace(/\\(["\\])/g, '$1') : text);
