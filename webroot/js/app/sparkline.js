const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 60;
const HEIGHT = 16;
/** A few bytes a second are no peak, bytes a second. */
const LEAST_PEAK = 1_000;

/** A small curve of some values, as high as their peak. Says nothing to screen readers: put the figure beside it. */
export class Sparkline {
  #line;

  constructor(parent) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('class', 'sparkline');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    this.#line = document.createElementNS(SVG, 'path');
    svg.append(this.#line);
    parent.append(svg);
  }

  show(values) {
    this.#line.setAttribute('d', curve(values));
  }
}

/** The outline of the area below the values, as path data. */
export function curve(values) {
  const peak = Math.max(LEAST_PEAK, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, i) => `${round(i * step)} ${round(HEIGHT - 1 - (value / peak) * (HEIGHT - 2))}`);
  return `M0 ${HEIGHT}L${points.join('L')}L${WIDTH} ${HEIGHT}Z`;
}

const round = (value) => Math.round(value * 10) / 10;
