/** A request that failed. `code` is HTTP's; 0 means that no answer came. */
export class HubError extends Error {
  #sent;

  /** @param sent false: it never left this page */
  constructor(code, message, { sent = true } = {}) {
    super(message);
    this.name = 'HubError';
    this.code = code;
    this.#sent = sent;
  }

  /** True where a new connection may cure it: no answer, or the hub is shutting down. */
  get transient() {
    return this.code === 0 || this.code === 503;
  }

  /** True where the request may have been done all the same: it was sent, and no answer refused it. */
  get uncertain() {
    return this.#sent && (this.code < 400 || this.code === 503);
  }
}
