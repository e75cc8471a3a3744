import { shortcutOf } from '../../packages/terminal/shortcuts.js';

/** Binds keys, menus, bell and clipboard to the terminals and to what users do with them. */
export class TerminalControls {
  #parts;

  /** @param parts {app, pane, actions, settings, bell, gate, search, menu, area, more} */
  constructor(parts) {
    this.#parts = parts;
  }

  start() {
    const { pane, bell, gate, search, area, more } = this.#parts;
    addEventListener('keydown', (event) => this.#keyed(event), { capture: true });
    addEventListener('focus', () => pane.seen());
    area.addEventListener('paste', (event) => this.#pasted(event), { capture: true });
    area.addEventListener('contextmenu', (event) => this.#contextMenu(event), { capture: true });
    more.addEventListener('click', () => this.#moreMenu());
    search.addEventListener('closed', () => pane.view.focus());
    let shown = null;
    pane.addEventListener('changed', () => {
      search.viewChanged();
      if (shown !== pane.current) {
        shown = pane.current;
        gate.lookedAway();
      }
    });
    pane.addEventListener('opened', ({ detail: open }) => {
      open.view.addEventListener('command', ({ detail }) => this.#commandMenu(detail));
      open.view.addEventListener('clipboard', (event) => gate.wants(open, event.detail, this.#isLookedAt(open)));
    });
    pane.addEventListener('closed', ({ detail: open }) => gate.forget(open.id));
    pane.addEventListener('bell', ({ detail: open }) => bell.ring(open === pane.current ? open.view.host : null));
  }

  #isLookedAt(open) {
    return open === this.#parts.pane.current && document.hasFocus();
  }

  #keyed(event) {
    const action = shortcutOf(event);
    const act = action && this.#shortcuts(this.#parts.area.contains(event.target))[action];
    if (act && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }

  /**
   * Handles the page's keys. Those that need a session are the browser's while none is open; those of the font, with which
   * the browser zooms, are its own beside the terminal.
   */
  #shortcuts(inTerminal) {
    const { app, pane, actions, search } = this.#parts;
    const list = { list: () => app.toggleList() };
    if (pane.current === null) {
      return list;
    }
    const font = { larger: () => actions.font(1), smaller: () => actions.font(-1), normalFont: () => actions.font(0) };
    return {
      ...list,
      ...(inTerminal ? font : {}),
      find: () => search.open(),
      copy: () => actions.copy(),
      previousTab: () => pane.step(-1),
      nextTab: () => pane.step(1),
      previousPrompt: () => actions.goToPrompt(-1),
      nextPrompt: () => actions.goToPrompt(1),
    };
  }

  #pasted(event) {
    event.preventDefault();
    event.stopPropagation();
    this.#parts.actions.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  /** A program that takes the mouse gets the right button too; with Shift the menu opens all the same. */
  #contextMenu(event) {
    const { menu, pane } = this.#parts;
    event.preventDefault();
    event.stopPropagation();
    if (pane.current !== null && (event.shiftKey || !pane.view.mouseTaken)) {
      menu.open(this.#editItems(), event.clientX, event.clientY, () => pane.view.focus());
    }
  }

  /** Of a command whose mark was clicked. */
  #commandMenu({ command, clientX, clientY }) {
    const { menu, pane } = this.#parts;
    menu.open(this.#commandItems(command), clientX, clientY, () => pane.view.focus());
  }

  #moreMenu() {
    const { menu, more, pane } = this.#parts;
    const { left, bottom } = more.getBoundingClientRect();
    menu.open(this.#allItems(), left, bottom + 4, () => pane.view.focus());
  }

  #commandItems(command) {
    const { actions } = this.#parts;
    return [
      { label: 'Copy output of command', act: () => actions.copyOutput(command), disabled: command === undefined },
      { label: 'Prompt above', keys: 'Ctrl+Shift+[', act: () => actions.goToPrompt(-1), disabled: command === undefined },
      { label: 'Prompt below', keys: 'Ctrl+Shift+]', act: () => actions.goToPrompt(1), disabled: command === undefined },
    ];
  }

  #editItems() {
    const { actions, pane, search } = this.#parts;
    return [
      { label: 'Copy', keys: 'Ctrl+Shift+C', act: () => actions.copy(), disabled: pane.view.selection === '' },
      { label: 'Paste', keys: 'Ctrl+Shift+V', act: () => actions.pasteFromClipboard(), disabled: pane.current.readOnly },
      { label: 'Select all', act: () => actions.selectAll() },
      { label: 'Find…', keys: 'Ctrl+Shift+F', act: () => search.open() },
    ];
  }

  #allItems() {
    const { app, actions, pane, settings } = this.#parts;
    const { session, current } = pane;
    const manage = [
      { label: 'Rename…', act: () => app.rename(session) },
      { label: 'Clear scrollback', act: () => app.clear(session) },
    ];
    return [
      ...this.#editItems(),
      ...this.#commandItems(pane.view.commands.current),
      { label: 'Save as text', act: () => actions.download() },
      null,
      ...(current.readOnly ? [] : [...manage, null]),
      { label: 'Larger text', keys: 'Ctrl+=', act: () => actions.font(1) },
      { label: 'Smaller text', keys: 'Ctrl+−', act: () => actions.font(-1) },
      { label: 'Normal text', keys: 'Ctrl+0', act: () => actions.font(0) },
      { label: 'Full screen', act: () => actions.fullScreen() },
      null,
      { label: 'Sound of the bell', checked: settings.bellSound, act: () => (settings.bellSound = !settings.bellSound) },
      {
        label: 'Text for screen readers',
        checked: settings.screenReader,
        act: () => (settings.screenReader = !settings.screenReader),
      },
    ];
  }
}
