// States of xterm.js that a snapshot cannot carry; docs/terminal.md says why.
export const HAS_EXTENDED = 0x10000000;

/** A bit of the join state that xterm.js leaves alone until it prints again. */
export const JOIN_OVER_RESIZE = 1 << 20;

/** Texts of marks that were printed over stay in xterm.js' rows, and its reflow may give them to other cells. */
export function hasLeftovers({ lines }) {
  for (let i = 0; i < lines.length; i++) {
    const line = lines.get(i);
    for (const x of Object.keys(line._combined)) if (!line.isCombined(Number(x))) return true;
  }
  return false;
}

/** Wide characters without their right half in places where no stream can make them. */
function severed(line, cols) {
  for (let x = 0; x < Math.min(cols, line.length); x++) {
    if (line.getWidth(x) === 2 && x !== cols - 2 && (x === cols - 1 || !rightHalf(line, x + 1))) return true;
  }
  return false;
}

const rightHalf = (line, x) => line.getWidth(x) === 0 && !line.hasContent(x);

/** Of a wide character that a row had no room for, reflow may leave the right half in colours of its own; nobody sees it. */
const halvesDiffer = (line, x) => line.getFg(x) !== line.getFg(x + 1) || line.getBg(x) !== line.getBg(x + 1);

/** What reflow leaves: halves alone or of two colours, texts that are wider or narrower than their cell. */
function torn(core, line, cols) {
  for (let x = 0; x < Math.min(cols, line.length); x++) {
    const width = line.getWidth(x);
    if (width === 2 && x + 1 < cols && halvesDiffer(line, x)) return true;
    if (width === 2 ? x + 1 >= cols || !rightHalf(line, x + 1) : rightHalf(line, x) && (x === 0 || line.getWidth(x - 1) !== 2)) return true;
    if (width > 0 && line.hasContent(x) && core.unicodeService.wcwidth(line.getString(x).codePointAt(0)) !== width) return true;
  }
  return false;
}

/** Why a snapshot at this point may lead to a difference, which is then no failure. */
export function uncarried(terminal, resized) {
  if (terminal.unlike) return terminal.unlike;
  const { normal, active, alt } = terminal._core._bufferService.buffers;
  for (const { lines } of [normal, alt]) {
    for (let i = 0; i < lines.length; i++) {
      const line = lines.get(i);
      if (resized ? torn(terminal._core, line, terminal.cols) : severed(line, terminal.cols)) return 'half of a wide character';
    }
  }
  if (terminal._core._inputHandler._parser.precedingJoinState & JOIN_OVER_RESIZE) return 'base of a mark before a resize';
  if (resized && [normal, alt].some(({ tabs }) => Object.keys(tabs).some((x) => x > terminal.cols))) return 'tab stops right of the margin';
  const row = active.lines.get(active.ybase + active.y);
  if (active === alt && active.x >= terminal.cols && !row.hasContent(terminal.cols - 1)) return 'pending wrap behind an erased cell';
  return null;
}
