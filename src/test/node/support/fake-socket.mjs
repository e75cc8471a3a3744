const OPEN = 1;

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  readyState = 0;
  closed = false;
  acks = [];
  #said = [];
  #wake = () => {};

  /** → {WebSocket: a constructor, made: how many there are, next(): the next one that is made} */
  static factory() {
    const all = [];
    let wake = () => {};
    let taken = 0;
    return {
      get made() {
        return all.length;
      },
      WebSocket: class extends FakeSocket {
        constructor(url, protocol) {
          super();
          this.url = url;
          this.protocol = protocol;
          all.push(this);
          wake();
        }
      },
      async next() {
        while (all.length <= taken) {
          await new Promise((resolve) => (wake = resolve));
        }
        return all[taken++];
      },
    };
  }

  send(message) {
    if (typeof message === 'string') {
      this.#said.push(JSON.parse(message));
    } else {
      this.acks.push(Number(new DataView(message).getBigUint64(5)));
    }
    this.#wake();
  }

  close() {
    this.closed = true;
    this.readyState = 2;
  }

  /** The next message of this action, or type where it has none; those before are passed over. */
  async said(action) {
    for (;;) {
      const message = this.#said.shift();
      if (message === undefined) {
        await new Promise((resolve) => (this.#wake = resolve));
      } else if ((message.headers?.action ?? message.type) === action) {
        return message;
      }
    }
  }

  async acked(seq) {
    while (this.acks.at(-1) !== seq) {
      await new Promise((resolve) => (this.#wake = resolve));
    }
  }

  open() {
    this.readyState = OPEN;
    this.onopen();
  }

  lose() {
    this.readyState = 3;
    this.onerror();
    this.onclose();
  }

  raw(data) {
    this.onmessage({ data });
  }

  say(message) {
    this.raw(JSON.stringify(message));
  }

  answer({ replyAddress }, body) {
    this.say({ type: 'message', address: replyAddress, body });
  }

  notice(address, kind, body) {
    this.say({ type: 'message', address, headers: { kind }, body });
  }

  output(channel, seq, offset, text) {
    this.raw(frame(21, 1, channel, seq, offset, text).buffer);
  }

  snapshot(channel, seq, offset, text) {
    const bytes = frame(25, 2, channel, seq, offset, text);
    new DataView(bytes.buffer).setUint16(21, 80);
    new DataView(bytes.buffer).setUint16(23, 24);
    this.raw(bytes.buffer);
  }
}

function frame(head, kind, channel, seq, offset, text) {
  const data = new TextEncoder().encode(text);
  const bytes = new Uint8Array(head + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, channel);
  view.setBigUint64(5, BigInt(seq));
  view.setBigUint64(13, BigInt(offset));
  bytes.set(data, head);
  return bytes;
}
