import EventBus from '@vertx/eventbus-bridge-client.js';

/** A program on the bus of a hub, beside the browser. */
export class BusClient {
  #bus;

  /** @param url the hub's base URL */
  static async open(url, token) {
    const client = new BusClient();
    client.#bus = new EventBus(`${new URL('eventbus', url).href}?token=${encodeURIComponent(token)}`, { timeout: 10_000 });
    await new Promise((resolve, reject) => {
      client.#bus.onopen = resolve;
      client.#bus.onclose = () => reject(new Error('the hub closed the connection'));
    });
    client.#bus.onclose = null;
    return client;
  }

  ask(address, action, body = {}) {
    return new Promise((resolve, reject) => {
      this.#bus.send(address, body, { action }, (error, message) => (error ? reject(error) : resolve(message.body)));
    });
  }

  /**
   * Attaches and listens. → {subscriber, disconnected: a promise of the reason}
   * @param acks whether what comes is acked at once
   */
  async attach(session, { acks = true, ...options } = {}) {
    const { subscriber, address } = await this.ask('termbus.flow', 'attach', { session, mode: 'read', ...options });
    const disconnected = new Promise((resolve) => {
      this.#bus.registerHandler(address, {}, (error, { headers, body }) => {
        if (headers.kind === 'disconnected') {
          resolve(body.reason);
        } else if (acks && headers.seq) {
          this.#bus.send('termbus.flow', { subscriber, seq: Number(headers.seq) }, { action: 'ack' });
        }
      });
    });
    return { subscriber, disconnected };
  }

  close() {
    this.#bus.close();
  }
}
