import { tryCopy } from '../../packages/terminal/clipboard.js';
import { commandOutput } from '../../packages/terminal/command-output.js';
import { toggleFullScreen } from './full-screen.js';
import { log } from '../../packages/client/log.js';
import { cleanPaste, pasteQuestion } from '../../packages/terminal/paste.js';
import { fileName, saveText } from './save-text.js';

/** The users' actions on the terminal that is shown, by keys, menus and the pointer. */
export class TerminalActions {
  #pane;
  #api;
  #settings;
  #dialogs;
  #toasts;

  constructor({ pane, api, settings, dialogs, toasts }) {
    this.#pane = pane;
    this.#api = api;
    this.#settings = settings;
    this.#dialogs = dialogs;
    this.#toasts = toasts;
  }

  async copy() {
    const text = this.#pane.view.selection;
    if (text !== '' && !(await tryCopy(text))) {
      this.copyRefused();
    }
  }

  copyRefused() {
    this.#toasts.error('The browser did not let this page copy.');
  }

  /** Pastes what is on the clipboard, where the browser lets a page read it. */
  async pasteFromClipboard() {
    let text;
    try {
      text = await navigator.clipboard.readText();
    } catch (error) {
      log.warn('paste', error);
      this.#toasts.info('The browser does not let this page read the clipboard: paste with Ctrl+Shift+V.');
      return;
    }
    await this.paste(text);
  }

  async paste(text) {
    const open = this.#pane.current;
    if (open === null || open.readOnly) {
      return;
    }
    const clean = cleanPaste(text);
    const question = pasteQuestion(clean, open.view.bracketedPaste);
    const agreed =
      question === null || (await this.#dialogs.confirm('Paste several lines?', question.text, 'Paste', question.preview));
    if (agreed === true) {
      open.view.paste(clean);
    }
    open.view.focus();
  }

  /** @param command whose mark is on the terminal; the one that was gone to, or the newest */
  async copyOutput(command = this.#pane.view.commands.current) {
    const { id } = this.#pane.session;
    try {
      const { text, truncated } = await commandOutput((action, body) => this.#api.ofSession(id, action, body), command);
      if (!(await tryCopy(text))) {
        this.copyRefused();
      } else if (truncated) {
        this.#toasts.info('The output is long: the middle of it was left out.');
      }
    } catch (error) {
      this.#toasts.error(`The output was not copied: ${error.message}`);
    }
    this.#pane.view.focus();
  }

  /** Shows the prompt before the one that is shown, or behind it. */
  goToPrompt(step) {
    this.#pane.view.commands.go(step);
    this.#pane.view.focus();
  }

  selectAll() {
    this.#pane.view.selectAll();
    this.#pane.view.focus();
  }

  /** @param steps in pixels; 0 is the size that suits the window */
  font(steps) {
    this.#settings.fontPx = steps === 0 ? null : this.#pane.view.fontPx + steps;
  }

  /** The whole scrollback and the screen, as the hub has it. */
  async download() {
    const { session, label } = this.#pane;
    try {
      const { data } = await this.#api.text(session.id);
      saveText(fileName(label, new Date()), data);
    } catch (error) {
      this.#toasts.error(`The text was not saved: ${error.message}`);
    }
    this.#pane.view.focus();
  }

  async fullScreen() {
    await toggleFullScreen();
    this.#pane.view.focus();
  }
}
