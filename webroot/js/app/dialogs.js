import { ask, confirmIn } from '../../packages/terminal/ask.js';
import { splitCommandLine } from './command-line.js';
import { environmentOf, sizeOf } from './create-fields.js';

/** The page's modal questions. Each resolves with the answer, or null where it was cancelled. */
export class Dialogs {
  #create;
  #rename;
  #confirm;

  constructor({ create, rename, confirm }) {
    this.#create = create;
    this.#rename = rename;
    this.#confirm = confirm;
    for (const dialog of [create, rename, confirm]) {
      dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    }
  }

  /**
   * @param make takes {command?, cwd?, name?, env?, cols?, rows?} for the hub's `create`; where it fails the form stays, and
   *     tells why
   * @returns a promise of what it made
   */
  create(make) {
    const form = this.#create.querySelector('form');
    form.reset();
    return ask(this.#create, () => {
      const command = splitCommandLine(form.elements.command.value);
      const options = { ...environmentOf(form.elements.env.value), ...sizeOf(form.elements.size.value) };
      if (command.length > 0) {
        options.command = command;
      }
      for (const field of ['cwd', 'name']) {
        const value = form.elements[field].value.trim();
        if (value !== '') {
          options[field] = value;
        }
      }
      return options;
    }, make);
  }

  /** → the new name. */
  rename(name) {
    const field = this.#rename.querySelector('form').elements.name;
    field.value = name;
    const answer = ask(this.#rename, () => field.value.trim());
    field.select();
    return answer;
  }

  /** → true. @param preview what it is about, shown as it is */
  confirm(title, text, action, preview = '') {
    return confirmIn(this.#confirm, title, text, action, preview);
  }
}
