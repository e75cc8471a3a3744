import { MIN_FONT_PX, cellsThatFit, fontThatFits, sameSize } from './geometry.js';

const FONT_PX = 14;
/** Hosts narrower than this are phones. */
const NARROW_PX = 560;
const SMALL_FONT_PX = 13;
/** Room that xterm.js keeps for its scroll bar. */
const SCROLL_BAR_PX = 14;

/**
 * Draws a terminal of whatever size within its host, letterboxed or with a smaller font, and knows which size would
 * fit at the normal font.
 */
export class TerminalFrame {
  #host;
  #terminal;
  #chosenPx;
  #onProposal;
  #observer;
  /** A cell at the normal font: {font, width, height} in pixels. */
  #cell = null;
  #proposal = null;
  #shown = false;
  /** The user's window when the last proposal was made. */
  #key = '';

  /**
   * @param terminal xterm.js, opened in the host
   * @param chosenPx font that the user has chosen, null: what suits the host
   * @param onProposal is told that the size that would fit has changed, and whether the user made it so
   */
  constructor(host, terminal, chosenPx, onProposal) {
    this.#host = host;
    this.#terminal = terminal;
    this.#chosenPx = chosenPx;
    this.#onProposal = onProposal;
    terminal.onCursorMove(() => host.classList.contains('scrolls') && this.#keepCursorInSight());
    this.#observer = new ResizeObserver(() => this.measure());
    this.#observer.observe(host); // its size changes with the window
    this.#observer.observe(this.#screen); // with the font and the cells
    document.fonts?.ready.then(() => this.measure());
  }

  /** The size that fits the host at the normal font, or null as long as the host was never shown. */
  get proposal() {
    return this.#proposal;
  }

  /** The font before it is shrunk to fit, in CSS pixels. */
  get fontPx() {
    return this.#chosenPx ?? (this.#host.offsetWidth < NARROW_PX ? SMALL_FONT_PX : FONT_PX);
  }

  set fontPx(chosenPx) {
    this.#chosenPx = chosenPx;
    this.measure();
  }

  close() {
    this.#observer.disconnect();
  }

  /** The host may have another size, or be shown or hidden. */
  measure() {
    if (!this.#isVisible()) {
      this.#shown = false;
      return;
    }
    if (!this.#shown) {
      this.#shown = true;
      this.#key = this.#userKey();
    }
    this.layout();
    const proposal = this.#cell && cellsThatFit(this.#area(), this.#cell);
    if (proposal && !sameSize(proposal, this.#proposal)) {
      const byUser = this.#key !== this.#userKey();
      this.#key = this.#userKey();
      this.#proposal = proposal;
      this.#onProposal(byUser);
    }
  }

  /** Chooses the font so that the terminal's cells fit, and learns the size of a normal cell. */
  layout() {
    if (!this.#isVisible()) {
      return;
    }
    const normal = this.fontPx;
    const { options } = this.#terminal;
    this.#learnCell(normal);
    if (this.#cell !== null) {
      const font = fontThatFits(this.#area(), this.#cell, normal, this.#terminal);
      if (options.fontSize !== font) {
        options.fontSize = font;
      }
    }
    const fits = this.#cell !== null && sameSize(cellsThatFit(this.#area(), this.#cell), this.#terminal);
    this.#host.classList.toggle('letterboxed', !fits);
    this.#host.classList.toggle('scrolls', options.fontSize === MIN_FONT_PX);
    this.#fence();
    this.#keepCursorInSight();
  }

  get #screen() {
    return this.#host.querySelector('.xterm-screen');
  }

  #isVisible() {
    const { width, height } = this.#area();
    return width > 0 && height > 0;
  }

  /** The measures that only the user changes: the window, its zoom, the font. All else is the page's own layout. */
  #userKey() {
    return [innerWidth, innerHeight, devicePixelRatio, this.fontPx].join(' ');
  }

  /**
   * Cells are whole pixels, so their size at one font says little about another: it is measured at
   * the normal font, which is set for that where it has changed. xterm.js measures at once.
   */
  #learnCell(normal) {
    const { options, cols, rows } = this.#terminal;
    if (this.#cell?.font !== normal) {
      options.fontSize = normal;
    }
    const screen = this.#screen.getBoundingClientRect();
    if (options.fontSize === normal && screen.width > 0) {
      this.#cell = { font: normal, width: screen.width / cols, height: screen.height / rows };
    }
  }

  /** The terminal element is as large as its cells, so that the page can show where it ends. */
  #fence() {
    const { style } = this.#terminal.element;
    style.width = `${Math.ceil(this.#screen.offsetWidth) + SCROLL_BAR_PX}px`;
    style.height = `${Math.ceil(this.#screen.offsetHeight)}px`;
  }

  /** A terminal that is larger than the host even at the smallest font scrolls to where something happens. */
  #keepCursorInSight() {
    const row = this.#terminal.buffer.active.cursorY + 1;
    const bottom = (row / this.#terminal.rows) * this.#screen.offsetHeight;
    this.#host.scrollTo(0, Math.max(0, bottom - this.#area().height));
  }

  /**
   * The area that the cells may fill: the host without its padding and the terminal's scroll bar. The host's own scroll
   * bars do not count: they come and go with the session's size, which must not follow from itself.
   */
  #area() {
    const style = getComputedStyle(this.#host);
    const pad = (...sides) => sides.reduce((sum, side) => sum + parseFloat(style[`padding${side}`]), 0);
    return {
      width: this.#host.offsetWidth - pad('Left', 'Right') - SCROLL_BAR_PX,
      height: this.#host.offsetHeight - pad('Top', 'Bottom'),
    };
  }
}
