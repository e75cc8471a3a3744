import net from 'node:net';

/** Slices of a second in which bytes are let through. */
const SLICES = 50;
const POLL_MS = 10;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A network between a browser and the hub: passes bytes on, as fast as it is told to, and while it is
 * `stalled` none, without any connection being closed.
 */
export class SlowLink {
  stalled = false;
  /** Towards the browser. */
  bytesPerSecond = Infinity;
  #server;
  #sockets = new Set();

  /** @param target {host, port} of the hub */
  static async to({ host, port }) {
    const link = new SlowLink();
    link.#server = net.createServer({ allowHalfOpen: true }, (client) => {
      const hub = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
      client.setNoDelay();
      link.#pass(client, hub, () => Infinity);
      link.#pass(hub, client, () => link.bytesPerSecond);
    });
    await new Promise((resolve) => link.#server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port() {
    return this.#server.address().port;
  }

  /** Breaks all connections. */
  cut() {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  close() {
    this.cut();
    this.#server.close();
  }

  async #pass(from, to, rate) {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    try {
      for await (const chunk of from) {
        await this.#forward(chunk, to, rate);
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  async #forward(chunk, to, rate) {
    for (let at = 0; at < chunk.length; ) {
      while (this.stalled) {
        await pause(POLL_MS);
      }
      const slice = rate() === Infinity ? chunk.length : Math.max(1, Math.floor(rate() / SLICES));
      const piece = chunk.subarray(at, at + slice);
      at += piece.length;
      if (!to.write(piece)) {
        await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      }
      if (rate() !== Infinity) {
        await pause((piece.length / rate()) * 1000);
      }
    }
  }
}
