const UNAVAILABLE = 503;
/** Reasons of an end that a new subscription may cure. */
const PASSING = new Set(['shutdown', 'restarting', 'owner_unreachable']);

/** The hub has refused a request, with the code that docs/protocol.md tells, or, with code 0, no answer came. */
export class HubError extends Error {
  /** @param sent false: the request never left this program */
  constructor(code, message, { sent = true } = {}) {
    super(message);
    this.name = 'HubError';
    this.code = code;
    this.sent = sent;
  }

  /** Whether a later attempt may do better, with the same question. */
  get transient() {
    return this.code === 0 || this.code === UNAVAILABLE;
  }

  /** True where the request may have been done all the same: it was sent, and no answer refused it. */
  get uncertain() {
    return this.sent && (this.code < 400 || this.code === UNAVAILABLE);
  }
}

/** The hub has ended the subscription; `reason` is the protocol's: `kicked`, `stalled`, `red_zone`, … */
export class Disconnected extends HubError {
  constructor(reason) {
    super(0, `the hub ended the subscription: ${reason}`);
    this.name = 'Disconnected';
    this.reason = reason;
  }

  get transient() {
    return PASSING.has(this.reason);
  }
}

/** The program has closed the hub. */
export class HubClosed extends HubError {
  constructor() {
    super(0, 'the hub was closed');
  }

  get transient() {
    return false;
  }
}

/** A delivery does not follow. At the second time from one place it is the hub that is wrong, not the connection. */
export class Gap extends HubError {
  constructor(message) {
    super(0, message);
  }
}

export const lost = (message, how) => new HubError(0, message, how);
