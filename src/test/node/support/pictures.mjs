/** Pictures as terminals get them. */

/** A red square as SIXEL: six rows of pixels a band. */
export function sixel(width, height) {
  const band = `#0!${width}~-`;
  return `\x1bPq"1;1;${width};${height}#0;2;80;20;20${band.repeat(Math.ceil(height / 6))}\x1b\\`;
}
