/** Sizes in cells and pixels. Limits are those of the hub's `resize`. */

/** Lines above the screen; the same as the hub's default for `session.scrollbackLines`. */
export const SCROLLBACK_LINES = 10_000;

const MAX_CELLS = 1000;
const MIN_COLS = 2;
const MIN_ROWS = 1;
/** The smallest font that can be read: below it the view scrolls instead of shrinking further. */
export const MIN_FONT_PX = 6;

const clamp = (value, min, max) => Math.max(min, Math.min(max, Math.floor(value)));

/** The cells that fit into an area. Null while the area or the cell has no size. */
export function cellsThatFit(area, cell) {
  if (!(area.width > 0 && area.height > 0 && cell.width > 0 && cell.height > 0)) {
    return null;
  }
  return {
    cols: clamp(area.width / cell.width, MIN_COLS, MAX_CELLS),
    rows: clamp(area.height / cell.height, MIN_ROWS, MAX_CELLS),
  };
}

/** The largest font, in half pixels and up to `fontPx`, at which that many cells fit the area. */
export function fontThatFits(area, cell, fontPx, size) {
  const scale = Math.min(area.width / (cell.width * size.cols), area.height / (cell.height * size.rows));
  if (!(scale < 1)) {
    return fontPx;
  }
  return Math.max(MIN_FONT_PX, Math.floor(fontPx * scale * 2) / 2);
}

export const sameSize = (a, b) => a !== null && b !== null && a.cols === b.cols && a.rows === b.rows;
