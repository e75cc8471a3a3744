/** Pictures as programs send them to terminals. */

const BAND_PX = 6;
/** 90 × 40 pixels of grey. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAFoAAAAoCAAAAABbKbIUAAAAKUlEQVR4nO3MMQ0AAAwDoPpXUalVsWMJCCA9E7VarVar1Wq1Wq1W/68Hz6nKeS5Yc7wAAAAASUVORK5CYII=';

/** A red box as SIXEL. */
export function sixel(width, height) {
  const band = `#0!${width}~-`;
  return `\x1bPq"1;1;${width};${height}#0;2;80;20;20${band.repeat(Math.ceil(height / BAND_PX))}\x1b\\`;
}

/** A grey box of 90 × 40 pixels in the sequence of iTerm2. */
export const INLINE_IMAGE = `\x1b]1337;File=inline=1;size=${atob(PNG).length}:${PNG}\x07`;
