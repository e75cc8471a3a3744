import { Terminal } from '@xterm/xterm';
import { CommandMarks } from './command-marks.js';
import { extraKey } from './extra-keys.js';
import { SCROLLBACK_LINES, sameSize } from './geometry.js';
import { swallowQueries } from './query-filter.js';
import { loadAddons, useWebgl } from './terminal-addons.js';
import { TerminalCorrections } from './terminal-corrections.js';
import { TerminalFrame } from './terminal-frame.js';
import { TERMINAL_THEMES } from './themes.js';
import { Utf8Tail } from './utf8-tail.js';

const FONT_FAMILY =
  'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';
/** The report that xterm.js sends at once when a snapshot turns focus events on. */
const FOCUS_REPORTS = ['\x1b[I', '\x1b[O'];
/** ESC c: the same reset as Terminal.reset(), but in order with what is still being written. */
const FULL_RESET = [0x1b, 0x63];

/**
 * A terminal on the page. It always has the size of the session; where that is not the size that
 * fits the page it is letterboxed, or drawn smaller.
 *
 * Events: `text` and `binary` (detail: what the user typed), `title` (detail), `bell`, `clipboard` (detail:
 * a text that a program wants there), `command` (the mark of one was clicked; detail: {command, clientX, clientY}), `top` (the user is at the top of what it has, and wants more), `proposal` (the size that would fit has changed; detail: whether
 * the user made it so, by the window or the font).
 */
export class TerminalView extends EventTarget {
  #host;
  #terminal;
  #search;
  #frame;
  #commands;
  #tail = new Utf8Tail();
  /** Scrolled, and not yet a whole line. */
  #scrolledPx = 0;
  /** Snapshots being written. */
  #restoring = 0;

  /**
   * @param look {theme, fontPx (null: what suits the window), screenReader}
   * @param links {openText(event, uri), openNamed(event, uri), hover(uri), leave()}
   * @param images whether it draws pictures, which takes WebAssembly
   */
  constructor(host, look, links, { images = true } = {}) {
    super();
    this.#host = host;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cols: 80,
      rows: 24,
      cursorBlink: false,
      fontFamily: FONT_FAMILY,
      linkHandler: {
        activate: (event, uri) => links.openNamed(event, uri),
        hover: (event, uri) => links.hover(uri),
        leave: () => links.leave(),
      },
      scrollback: SCROLLBACK_LINES,
      screenReaderMode: look.screenReader,
      ...themeOptions(look.theme),
    });
    new TerminalCorrections(this.#terminal);
    this.#search = loadAddons(this.#terminal, {
      links,
      images,
      onClipboard: (text) => this.#restoring === 0 && this.#emit('clipboard', text),
    });
    swallowQueries(this.#terminal.parser);
    this.#commands = new CommandMarks(this.#terminal, (command, { clientX, clientY }) => this.#emit('command', { command, clientX, clientY }));
    this.#terminal.attachCustomKeyEventHandler((event) => !this.#takes(event));
    this.#terminal.open(host);
    useWebgl(this.#terminal);
    this.#forwardEvents();
    this.#frame = new TerminalFrame(host, this.#terminal, look.fontPx, (byUser) => this.#emit('proposal', byUser));
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
    return this.#frame.proposal;
  }

  /**
   * Puts a session's state on a terminal of its size, in place of everything before. Who had scrolled up stays as many lines
   * above the end, as far as there are so many.
   */
  restore(cols, rows, bytes, done) {
    let linesUp = 0;
    this.#inOrder(() => {
      const { type, baseY, viewportY } = this.#terminal.buffer.active;
      linesUp = type === 'normal' ? baseY - viewportY : 0;
      this.#setSize(cols, rows);
    });
    this.#tail.reset();
    this.#commands.restarts();
    const state = this.#tail.take(bytes);
    const whole = new Uint8Array(FULL_RESET.length + state.length);
    whole.set(FULL_RESET);
    whole.set(state, FULL_RESET.length);
    this.#inOrder(() => { this.#restoring++; });
    this.#terminal.write(whole, () => {
      this.#restoring--;
      if (linesUp > 0) {
        this.#terminal.scrollToLine(Math.max(0, this.#terminal.buffer.active.baseY - linesUp));
      }
      done?.();
    });
  }

  /** Lines above the screen. */
  get linesAbove() {
    return this.#terminal.buffer.normal.baseY;
  }

  /** Has the terminal written anew, and then shows the same line as before, counted from the end. */
  keepingPlace(rewrite) {
    const { baseY, viewportY } = this.#terminal.buffer.active;
    rewrite();
    this.#inOrder(() => this.#terminal.scrollToLine(this.#terminal.buffer.active.baseY - baseY + viewportY));
  }

  /** @param offset behind it, in all of the session's output */
  output(bytes, done, offset) {
    this.#commands.coming(bytes, offset);
    this.#terminal.write(this.#tail.take(bytes), () => {
      this.#commands.came();
      done?.();
    });
  }

  /** The commands of a shell that are on it. */
  get commands() {
    return this.#commands;
  }

  /** Takes effect at this place in the output. */
  resize(cols, rows) {
    this.#inOrder(() => this.#setSize(cols, rows));
  }

  set readOnly(readOnly) {
    this.#terminal.options.disableStdin = readOnly;
  }

  /** @param look as for the constructor */
  set look({ theme, fontPx, screenReader }) {
    Object.assign(this.#terminal.options, themeOptions(theme), { screenReaderMode: screenReader });
    this.#frame.fontPx = fontPx;
  }

  /** The add-on that searches its buffer. */
  get search() {
    return this.#search;
  }

  /** The font before it is shrunk to fit, in CSS pixels. */
  get fontPx() {
    return this.#frame.fontPx;
  }

  get selection() {
    return this.#terminal.getSelection();
  }

  selectAll() {
    this.#terminal.selectAll();
  }

  clearSelection() {
    this.#terminal.clearSelection();
  }

  /** Shown or not. Output is taken either way. */
  set visible(visible) {
    this.#host.hidden = !visible;
    this.#frame.measure();
  }

  get host() {
    return this.#host;
  }

  close() {
    this.#frame.close();
    this.#terminal.dispose();
    this.#host.remove();
  }

  focus() {
    this.#terminal.focus();
    this.#forgetKeysDown();
  }

  /** Types as if the keyboard had done it; pasted text is bracketed where the session asked for it. */
  paste(text) {
    this.#terminal.paste(text);
  }

  type(text) {
    this.#terminal.input(text, true);
  }

  /**
   * Scrolls by pixels at a place of the page. Programs that take the mouse or the whole screen get it as a wheel.
   */
  scroll(pixels, clientX, clientY) {
    if (this.mouseTaken || this.#terminal.buffer.active.type === 'alternate') {
      const wheel = { deltaY: pixels, clientX, clientY, bubbles: true, cancelable: true };
      this.#host.querySelector('.xterm-screen').dispatchEvent(new WheelEvent('wheel', wheel));
      return;
    }
    this.#scrolledPx += pixels;
    const rowPx = this.#host.querySelector('.xterm-screen').offsetHeight / this.#terminal.rows;
    const lines = Math.trunc(this.#scrolledPx / rowPx);
    this.#scrolledPx -= lines * rowPx;
    this.#terminal.scrollLines(lines);
    if (lines < 0) {
      this.#wantsMore();
    }
  }

  /** True while the session tells pasted text from typed. */
  get bracketedPaste() {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** True while the session gets the mouse. */
  get mouseTaken() {
    return this.#terminal.modes.mouseTrackingMode !== 'none';
  }

  /** True while the session wants cursor keys as ESC O x. */
  get applicationCursorKeys() {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /**
   * A key that went down here and up elsewhere, as the one that switches tabs does, would make xterm.js pass over
   * text that comes without a key: of an input method, an emoji panel, a phone.
   */
  #forgetKeysDown() {
    this.#terminal.textarea.dispatchEvent(new KeyboardEvent('keyup', { key: 'Control', keyCode: 17 }));
  }

  /** Types what xterm.js would not. */
  #takes(event) {
    const code = extraKey(event);
    if (code === null) {
      return false;
    }
    event.preventDefault();
    if (event.type === 'keydown') {
      this.type(code);
    }
    return true;
  }

  #inOrder(act) {
    this.#terminal.write('', act);
  }

  #setSize(cols, rows) {
    if (!sameSize(this.size, { cols, rows })) {
      this.#terminal.resize(cols, rows);
    }
    this.#frame.layout();
  }

  #wantsMore() {
    const { type, viewportY } = this.#terminal.buffer.active;
    if (type === 'normal' && viewportY === 0 && this.#restoring === 0) {
      this.#emit('top');
    }
  }

  #forwardEvents() {
    this.#terminal.onScroll(() => this.#terminal.buffer.active.baseY > 0 && this.#wantsMore());
    const wheel = ({ deltaY }) => deltaY < 0 && !this.mouseTaken && this.#wantsMore();
    this.#host.addEventListener('wheel', wheel, { passive: true });
    this.#terminal.onData((text) => {
      const setOffBySnapshot = this.#restoring > 0 && FOCUS_REPORTS.includes(text);
      if (!setOffBySnapshot) {
        this.#commands.typed();
        this.#emit('text', text);
      }
    });
    this.#terminal.onBinary((binary) => this.#emit('binary', binary));
    this.#terminal.onTitleChange((title) => this.#emit('title', title));
    this.#terminal.onBell(() => this.#restoring === 0 && this.#emit('bell'));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The session's programs choose colours for a dark screen: on a light one contrast is enforced. */
function themeOptions(theme) {
  return { theme: { ...TERMINAL_THEMES[theme] }, minimumContrastRatio: theme === 'light' ? 4.5 : 1 };
}
