/** A request that failed. `code` is HTTP's; 0 means that no answer came. */
export class HubError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'HubError';
    this.code = code;
  }

  /** True where a new connection may cure it: no answer, or the hub is shutting down. */
  get transient() {
    return this.code === 0 || this.code === 503;
  }
}
