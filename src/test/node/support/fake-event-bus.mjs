/** Stands in for the stock event bus client: records what is sent, answers when a test says so. */
export class FakeEventBus {
  sent = [];
  handlers = new Map();
  closed = false;

  open() {
    this.onopen();
  }

  /** The connection is lost. */
  lose() {
    this.closed = true;
    this.onclose();
  }

  close() {
    this.lose();
  }

  send(address, body, headers, callback) {
    this.sent.push({ address, body, headers, callback });
  }

  registerHandler(address, handler) {
    this.handlers.set(address, handler);
  }

  unregisterHandler(address) {
    this.handlers.delete(address);
  }

  /** The oldest unanswered request of that action. */
  take(action) {
    const at = this.sent.findIndex((message) => message.headers.action === action);
    if (at < 0) {
      throw new Error(`no '${action}' was sent, only ${this.sent.map((m) => m.headers.action).join(', ')}`);
    }
    return this.sent.splice(at, 1)[0];
  }

  deliver(address, headers, body) {
    this.handlers.get(address)(null, { type: 'rec', address, headers, body });
  }
}
