import { child, setText } from './elements.js';

function labelled(button, text, data) {
  button.type = 'button';
  button.textContent = text;
  Object.assign(button.dataset, data);
}

/** The tree below the shadow root: → its elements by name. Each is a `part` of that name too. */
export function elementParts(root) {
  const part = (parent, name, className, tag = 'div') => {
    const element = child(parent, className, tag);
    element.setAttribute('part', name);
    return element;
  };
  const terminal = part(root, 'terminal', 'terminals');
  const parts = {
    terminal,
    question: part(terminal, 'question', 'question'),
    link: part(terminal, 'link', 'link-hint'),
    status: part(terminal, 'status', 'status'),
    driver: part(terminal, 'driver', 'driver'),
    keys: part(root, 'keys', 'touch-keys'),
    dialog: part(root, 'dialog', '', 'dialog'),
  };
  terminal.setAttribute('role', 'group');
  fillQuestion(parts.question);
  fillStatus(parts.status);
  fillDriver(parts.driver);
  fillDialog(parts.dialog);
  parts.keys.setAttribute('role', 'toolbar');
  parts.keys.setAttribute('aria-label', 'Keys');
  parts.link.hidden = true;
  return parts;
}

function fillQuestion(question) {
  question.setAttribute('role', 'alert');
  question.hidden = true;
  child(question, '').dataset.text = '';
  labelled(child(question, 'button', 'button'), 'Deny', { deny: '' });
  labelled(child(question, 'button', 'button'), 'Allow for this session', { allow: '' });
}

function fillStatus(status) {
  status.setAttribute('role', 'status');
  status.hidden = true;
  child(status, '').dataset.text = '';
  labelled(child(status, 'button', 'button'), '', { action: '' });
}

function fillDriver(driver) {
  driver.hidden = true;
  const text = child(driver, 'driver-text');
  text.setAttribute('role', 'status');
  text.dataset.text = '';
  const left = child(driver, 'figure'); // counts: not to be read out each second
  left.setAttribute('aria-hidden', 'true');
  left.dataset.left = '';
  labelled(child(driver, 'button', 'button'), '', { action: '' });
}

/** @param line as a Driver tells it */
export function showDriver(driver, { text, left, action, refused }) {
  const button = driver.querySelector('[data-action]');
  driver.hidden = text === '';
  driver.classList.toggle('refused', refused);
  setText(driver.querySelector('[data-text]'), text);
  setText(driver.querySelector('[data-left]'), left);
  button.hidden = action === '';
  setText(button, action);
}

function fillDialog(dialog) {
  dialog.setAttribute('role', 'alertdialog');
  dialog.setAttribute('aria-labelledby', 'heading');
  const form = child(dialog, '', 'form');
  child(form, '', 'h2').id = 'heading';
  child(form, '', 'p').dataset.text = '';
  child(form, 'preview', 'pre').dataset.preview = '';
  const buttons = child(form, 'buttons', 'div');
  const cancel = child(buttons, 'button', 'button');
  labelled(cancel, 'Cancel', { cancel: '' });
  cancel.addEventListener('click', () => dialog.close());
  child(buttons, 'button primary', 'button').type = 'submit';
}
