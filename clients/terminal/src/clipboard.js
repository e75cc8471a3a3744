import { log } from '@termbus/client/src/log.js';

/**
 * Puts a text on the clipboard. Browsers have their interface for it only in pages that came by TLS or
 * from this computer; elsewhere, as in a page on plain HTTP, the older command is used.
 * Rejects where the browser allows neither: the command needs that the user did something a moment ago.
 */
export async function copyText(text, { clipboard = navigator.clipboard, page = document } = {}) {
  try {
    await clipboard.writeText(text);
  } catch (error) {
    if (!copyByCommand(text, page)) {
      throw error;
    }
  }
}

/** The same. → false, with a line in the log, where the browser does not let it */
export async function tryCopy(text) {
  try {
    await copyText(text);
    return true;
  } catch (error) {
    log.warn('copy', error.message);
    return false;
  }
}

/** Answers the copy that the command sets off, so that nothing has to be selected and the focus stays; else by selecting. */
function copyByCommand(text, page) {
  let answered = false;
  const answer = (event) => {
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    answered = true;
  };
  const allow = (event) => event.preventDefault();
  page.addEventListener('beforecopy', allow, { capture: true });
  page.addEventListener('copy', answer, { capture: true });
  try {
    return (page.execCommand('copy') && answered) || bySelection(page, () => page.execCommand('copy') && answered);
  } finally {
    page.removeEventListener('copy', answer, { capture: true });
    page.removeEventListener('beforecopy', allow, { capture: true });
  }
}

/** Selects a text first: some browsers copy only what is selected. Within an open dialog, as nothing else takes the focus then. */
function bySelection(page, copy) {
  const focused = page.activeElement;
  const field = page.createElement('textarea');
  field.value = ' ';
  field.readOnly = true;
  field.className = 'visually-hidden';
  (page.querySelector('dialog[open]') ?? page.body).append(field);
  field.select();
  try {
    return copy();
  } finally {
    field.remove();
    focused?.focus();
  }
}
