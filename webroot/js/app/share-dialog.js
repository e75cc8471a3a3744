import { copyText } from '../../packages/terminal/clipboard.js';
import { ShareList } from './share-list.js';
import { failureInWords } from './words.js';

/**
 * Asks for a role, a reach and a lifetime, and shows the link that the hub makes of them once. The link holds
 * a token: it is gone from the page when the dialog closes. Below it the links that hold, each revocable.
 */
export class ShareDialog {
  #api;
  #dialog;
  #form;
  #list;
  #copyText;
  #session = null;

  /**
   * @param api share(wanted) → {token, publicUrl?, …}, shares(), revoke(id)
   * @param confirm (title, text, action) → true where the user agreed
   * @param copy puts a text on the clipboard
   */
  constructor(dialog, api, confirm, copy = copyText) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector('form');
    this.#api = api;
    this.#copyText = copy;
    this.#list = new ShareList(dialog.querySelector('[data-shares]'), api, confirm);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submitted();
    });
    dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    dialog.querySelector('[data-copy]').addEventListener('click', () => this.#copy());
    dialog.addEventListener('close', () => {
      this.#show('', '');
      this.#list.close();
    });
  }

  open(session) {
    this.#session = session;
    this.#form.reset();
    this.#show('', '');
    this.#dialog.showModal();
    this.#list.open(session);
  }

  async #submitted() {
    const { role, reach, expiry } = this.#form.elements;
    const one = reach.value === 'session' ? { session: this.#session.id } : {};
    try {
      const share = await this.#api.share({ ...one, role: role.value, expiresInSeconds: Number(expiry.value) });
      this.#show(shareLink(share, this.#session.id, document.baseURI), '');
      this.#form.elements.link.select();
    } catch (error) {
      this.#show('', failureInWords('The link', 'made', error));
    }
    await this.#list.refresh();
  }

  async #copy() {
    const { link } = this.#form.elements;
    try {
      await this.#copyText(link.value);
      this.#say('Copied. Whoever has the link can use it: send it to nobody else.');
    } catch {
      link.select();
      this.#say('This browser does not let pages copy: the link is selected.');
    }
  }

  #show(link, problem) {
    this.#form.elements.link.value = link;
    this.#dialog.querySelector('[data-result]').hidden = link === '';
    this.#dialog.querySelector('[data-problem]').textContent = problem;
    this.#say('');
  }

  #say(text) {
    this.#dialog.querySelector('[data-copied]').textContent = text;
  }
}

/**
 * Makes a link below the hub's public URL, where it has been told one, else below the page's address: what the hub would make of its
 * listener's address others may not reach.
 */
export function shareLink({ token, publicUrl }, session, page) {
  const url = new URL('.', publicUrl ?? page);
  url.search = new URLSearchParams({ token }).toString();
  url.hash = session;
  return url.href;
}
