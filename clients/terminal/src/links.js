/** The schemes that a click may open. Everything else that a program prints as a link stays text. */
const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link that is safe to open, or null. */
export function safeLink(uri) {
  try {
    const url = new URL(uri);
    return PROTOCOLS.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * Opens links of terminals in a page that cannot reach this one. A link whose text is its address
 * opens at once; one with a text of its own only after its address was shown and agreed to.
 */
export class Links {
  #hint;
  #confirm;
  #openPage;

  /**
   * @param hint element that shows where the link under the pointer leads
   * @param confirm takes the address → a promise of true, or anything else
   */
  constructor(hint, confirm, openPage = (href) => window.open(href, '_blank', 'noopener,noreferrer')) {
    this.#hint = hint;
    this.#confirm = confirm;
    this.#openPage = openPage;
  }

  openText(event, uri) {
    const href = safeLink(uri);
    if (href !== null) {
      this.#openPage(href);
    }
  }

  async openNamed(event, uri) {
    const href = safeLink(uri);
    if (href !== null && (await this.#confirm(href)) === true) {
      this.#openPage(href);
    }
  }

  hover(uri) {
    this.#hint.textContent = safeLink(uri) ?? `${uri} (not opened from here)`;
    this.#hint.hidden = false;
  }

  leave() {
    this.#hint.hidden = true;
  }
}
