import { Terminal } from '../vendor/@xterm/xterm/lib/xterm.mjs';
import { Unicode11Addon } from '../vendor/@xterm/addon-unicode11/lib/addon-unicode11.mjs';
import { WebLinksAddon } from '../vendor/@xterm/addon-web-links/lib/addon-web-links.mjs';
import { WebglAddon } from '../vendor/@xterm/addon-webgl/lib/addon-webgl.mjs';
import { MIN_FONT_PX, cellsThatFit, fontThatFits, sameSize } from './geometry.js';
import { log } from './log.js';
import { swallowQueries } from './query-filter.js';
import { TERMINAL_THEMES } from './themes.js';
import { Utf8Tail } from './utf8-tail.js';

const FONT_FAMILY =
  'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';
const FONT_PX = 14;
const SMALL_FONT_PX = 13;
/** The same as the hub's default for `session.scrollbackLines`. */
const SCROLLBACK_LINES = 10_000;
/** Room that xterm.js keeps for its scroll bar. */
const SCROLL_BAR_PX = 14;
/** What xterm.js sends at once when a snapshot turns focus events on. */
const FOCUS_REPORTS = ['\x1b[I', '\x1b[O'];
/** ESC c: the same reset as Terminal.reset(), but in order with what is still being written. */
const FULL_RESET = [0x1b, 0x63];

/**
 * The terminal on the page. It always has the size of the session; where that is not the size that
 * fits the page it is letterboxed, or drawn smaller.
 *
 * Events: `text` and `binary` (detail: what the user typed), `title` (detail), `proposal` (the size
 * that would fit has changed).
 */
export class TerminalView extends EventTarget {
  #host;
  #terminal;
  /** A cell at the normal font: {font, width, height} in pixels. */
  #cell = null;
  #proposal = null;
  #webgl = null;
  #tail = new Utf8Tail();
  /** Snapshots being written. */
  #restoring = 0;

  constructor(host, theme) {
    super();
    this.#host = host;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cols: 80,
      rows: 24,
      cursorBlink: false,
      fontFamily: FONT_FAMILY,
      fontSize: FONT_PX,
      scrollback: SCROLLBACK_LINES,
      ...themeOptions(theme),
    });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
    this.#terminal.loadAddon(new WebLinksAddon());
    swallowQueries(this.#terminal.parser);
    this.#terminal.open(host);
    this.#useWebgl();
    this.#forwardEvents();
    this.#observeSize();
  }

  /** The xterm.js terminal, for tests and debugging. */
  get terminal() {
    return this.#terminal;
  }

  get size() {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** The size that fits the page at the normal font, or null while the view is hidden. */
  get proposal() {
    return this.#proposal;
  }

  /** Puts a session's state on a terminal of its size, in place of everything before. */
  restore(cols, rows, bytes, done) {
    this.#inOrder(() => this.#setSize(cols, rows));
    this.#tail.reset();
    const state = this.#tail.take(bytes);
    const whole = new Uint8Array(FULL_RESET.length + state.length);
    whole.set(FULL_RESET);
    whole.set(state, FULL_RESET.length);
    this.#inOrder(() => { this.#restoring++; });
    this.#terminal.write(whole, () => {
      this.#restoring--;
      done?.();
    });
  }

  output(bytes, done) {
    this.#terminal.write(this.#tail.take(bytes), done);
  }

  /** Takes effect at this place in the output. */
  resize(cols, rows) {
    this.#inOrder(() => this.#setSize(cols, rows));
  }

  /** Shows nothing, of the size that fits. */
  blank() {
    this.#inOrder(() => {
      this.#terminal.reset();
      if (this.#proposal) {
        this.#setSize(this.#proposal.cols, this.#proposal.rows);
      }
    });
  }

  set readOnly(readOnly) {
    this.#terminal.options.disableStdin = readOnly;
  }

  set theme(theme) {
    Object.assign(this.#terminal.options, themeOptions(theme));
  }

  focus() {
    this.#terminal.focus();
  }

  /** Types as if the keyboard had done it; pasted text is bracketed where the session asked for it. */
  paste(text) {
    this.#terminal.paste(text);
  }

  type(text) {
    this.#terminal.input(text, true);
  }

  /** True while the session wants cursor keys as ESC O x. */
  get applicationCursorKeys() {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  #inOrder(act) {
    this.#terminal.write('', act);
  }

  #setSize(cols, rows) {
    if (!sameSize(this.size, { cols, rows })) {
      this.#terminal.resize(cols, rows);
    }
    this.#layout();
  }

  #forwardEvents() {
    const emit = (type) => (detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
    const typed = emit('text');
    this.#terminal.onData((text) => {
      const setOffBySnapshot = this.#restoring > 0 && FOCUS_REPORTS.includes(text);
      if (!setOffBySnapshot) {
        typed(text);
      }
    });
    this.#terminal.onBinary(emit('binary'));
    this.#terminal.onTitleChange(emit('title'));
    this.#terminal.attachCustomKeyEventHandler((event) => !this.#isCopy(event));
  }

  /** Ctrl+Shift+C copies, as terminals do; the browser itself pastes on Ctrl+Shift+V. */
  #isCopy(event) {
    const copy = event.type === 'keydown' && event.ctrlKey && event.shiftKey && event.code === 'KeyC';
    if (copy) {
      event.preventDefault();
      navigator.clipboard?.writeText(this.#terminal.getSelection()).catch((error) => log.warn('copy', error));
    }
    return copy;
  }

  /** Falls back to the DOM renderer where there is no WebGL or its context is lost. */
  #useWebgl() {
    try {
      this.#webgl = new WebglAddon();
      this.#webgl.onContextLoss(() => this.#dropWebgl('context lost'));
      this.#terminal.loadAddon(this.#webgl);
    } catch (error) {
      this.#dropWebgl(error.message);
    }
  }

  #dropWebgl(reason) {
    log.info('drawing without WebGL:', reason);
    try {
      this.#webgl?.dispose();
    } catch (error) {
      log.warn('WebGL renderer', error.message);
    }
    this.#webgl = null;
  }

  /** The host's size changes with the window, the screen's with the font and the cells. */
  #observeSize() {
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(this.#host);
    observer.observe(this.#host.querySelector('.xterm-screen'));
    document.fonts?.ready.then(() => this.#measure());
  }

  #measure() {
    const area = this.#area();
    if (area.width <= 0 || area.height <= 0) {
      return;
    }
    this.#layout();
    const proposal = this.#cell && cellsThatFit(area, this.#cell);
    if (proposal && !sameSize(proposal, this.#proposal)) {
      this.#proposal = proposal;
      this.dispatchEvent(new Event('proposal'));
    }
  }

  /** Chooses the font so that the session's cells fit, and learns the size of a normal cell. */
  #layout() {
    const normal = this.#normalFont();
    const options = this.#terminal.options;
    this.#learnCell(normal);
    if (this.#cell !== null) {
      const font = fontThatFits(this.#area(), this.#cell, normal, this.size);
      if (options.fontSize !== font) {
        options.fontSize = font;
      }
    }
    const fits = this.#cell !== null && sameSize(cellsThatFit(this.#area(), this.#cell), this.size);
    this.#host.classList.toggle('letterboxed', !fits);
    this.#host.classList.toggle('scrolls', options.fontSize === MIN_FONT_PX);
    this.#host.scrollTo(0, 0);
    this.#frame();
  }

  /**
   * Cells are whole pixels, so their size at one font says little about another: it is measured at
   * the normal font, which is set for that where it has changed. xterm.js measures at once.
   */
  #learnCell(normal) {
    const options = this.#terminal.options;
    if (this.#cell?.font !== normal) {
      options.fontSize = normal;
    }
    const screen = this.#host.querySelector('.xterm-screen')?.getBoundingClientRect();
    if (options.fontSize === normal && screen?.width > 0) {
      const { cols, rows } = this.size;
      this.#cell = { font: normal, width: screen.width / cols, height: screen.height / rows };
    }
  }

  /** The terminal element is as large as its cells, so that the page can show where it ends. */
  #frame() {
    const screen = this.#host.querySelector('.xterm-screen');
    const { style } = this.#terminal.element;
    style.width = `${Math.ceil(screen.offsetWidth) + SCROLL_BAR_PX}px`;
    style.height = `${Math.ceil(screen.offsetHeight)}px`;
  }

  #normalFont() {
    return this.#host.clientWidth < 560 ? SMALL_FONT_PX : FONT_PX;
  }

  /** What the cells may fill: the host without its padding and the scroll bar. */
  #area() {
    const style = getComputedStyle(this.#host);
    const pad = (...sides) => sides.reduce((sum, side) => sum + parseFloat(style[`padding${side}`]), 0);
    return {
      width: this.#host.clientWidth - pad('Left', 'Right') - SCROLL_BAR_PX,
      height: this.#host.clientHeight - pad('Top', 'Bottom'),
    };
  }
}

/** The session's programs choose colours for a dark screen: on a light one contrast is enforced. */
function themeOptions(theme) {
  return { theme: { ...TERMINAL_THEMES[theme] }, minimumContrastRatio: theme === 'light' ? 4.5 : 1 };
}
