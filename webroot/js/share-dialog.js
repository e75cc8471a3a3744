/**
 * Asks for a role and a lifetime, and shows the link that the hub makes of them once. The link holds a token:
 * it is gone from the page when the dialog closes.
 */
export class ShareDialog {
  #dialog;
  #form;
  #copyText;
  #session = null;
  #create;

  /**
   * @param create takes {session, role, expiresInSeconds} → {token, …}, or rejects
   * @param copyText puts a text on the clipboard
   */
  constructor(dialog, create, copyText = (text) => navigator.clipboard.writeText(text)) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector('form');
    this.#create = create;
    this.#copyText = copyText;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submitted();
    });
    dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
    dialog.querySelector('[data-copy]').addEventListener('click', () => this.#copy());
    dialog.addEventListener('close', () => this.#show('', ''));
  }

  open(session) {
    this.#session = session;
    this.#form.reset();
    this.#show('', '');
    this.#dialog.showModal();
  }

  async #submitted() {
    const { role, expiry } = this.#form.elements;
    try {
      const share = await this.#create({
        session: this.#session.id,
        role: role.value,
        expiresInSeconds: Number(expiry.value),
      });
      this.#show(shareLink(share.token, this.#session.id, document.baseURI), '');
    } catch (error) {
      this.#show('', error.message);
    }
  }

  async #copy() {
    const { link } = this.#form.elements;
    try {
      await this.#copyText(link.value);
    } catch {
      link.select();
    }
  }

  #show(link, problem) {
    this.#form.elements.link.value = link;
    this.#dialog.querySelector('[data-result]').hidden = link === '';
    this.#dialog.querySelector('[data-problem]').textContent = problem;
  }
}

/** The page's own address is what others can reach, whatever the hub believes its name to be. */
export function shareLink(token, session, base) {
  const url = new URL('.', base);
  url.search = new URLSearchParams({ token }).toString();
  url.hash = session;
  return url.href;
}
