// A client that takes 1 MB/s through a flood of 200 MB, beside one that gets every byte: in the end
// both terminals must show the same, scrollback and cursor included.
// Usage: node throttled-flood.mjs TCP_PORT TOKEN [LINES]. Prints "ok …" and exits 0, or says what differs.
import net from 'node:net';
import headless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';

const [port, token, lines = '2300000'] = process.argv.slice(2);
const BYTES_PER_MS = 1000;
const SCROLLBACK = 10_000;
const FLOOD = `read x; awk 'BEGIN { for (i = 0; i < ${lines}; i++)
  printf "\\033[3%d;%dm%08d\\033[0m a line of about eighty columns, so that the flood is two hundred MB\\n", i % 8, i % 2, i }';
  printf 'the \\033[1;4mend\\033[0m'`;

/** The JSON protocol over TCP. */
class Client {
  #socket;
  #rest = Buffer.alloc(0);
  #replies = new Map();
  #next = 0;
  onDelivery = () => {};

  async open() {
    this.#socket = net.connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
    this.#socket.on('data', (chunk) => this.#received(chunk));
    await this.ask('termbus.hub', 'login', { token });
    return this;
  }

  ask(address, action, body) {
    const replyAddress = `reply-${this.#next++}`;
    return new Promise((resolve, reject) => {
      this.#replies.set(replyAddress, { resolve, reject });
      this.write({ type: 'send', address, headers: { action }, body, replyAddress });
    });
  }

  write(message) {
    const json = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    this.#socket.write(Buffer.concat([length, json]));
  }

  close() {
    this.#socket.destroy();
  }

  #received(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (this.#rest.length - at >= 4) {
      const end = at + 4 + this.#rest.readUInt32BE(at);
      if (this.#rest.length < end) break;
      this.#message(JSON.parse(this.#rest.toString('utf8', at + 4, end)));
      at = end;
    }
    this.#rest = this.#rest.subarray(at);
  }

  #message(message) {
    const waiting = this.#replies.get(message.address);
    if (waiting) {
      this.#replies.delete(message.address);
      if (message.type === 'err') waiting.reject(new Error(message.message));
      else waiting.resolve(message.body);
    } else if (message.type === 'err') {
      throw new Error(message.message);
    } else {
      this.onDelivery(message);
    }
  }
}

/** A subscriber with a terminal, which takes its deliveries one by one at its own speed. */
class Viewer {
  counts = { snapshot: 0, output: 0, bytes: 0 };
  #queue = Promise.resolve();

  constructor(msPerByte) {
    this.msPerByte = msPerByte;
    this.terminal = new headless.Terminal({ cols: 80, rows: 24, scrollback: SCROLLBACK, allowProposedApi: true });
    this.terminal.loadAddon(new unicode11.Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  async attach(session, lag) {
    this.client = await new Client().open();
    const { subscriber, address } = await this.client.ask('termbus.flow', 'attach', { session, lag });
    this.subscriber = subscriber;
    const first = new Promise((resolve) => { this.onFirst = resolve; });
    this.client.onDelivery = (message) => {
      this.#queue = this.#queue.then(() => this.#take(message)).catch(this.reject);
    };
    this.client.write({ type: 'register', address });
    await first;
    return this;
  }

  async #take({ headers, body }) {
    if (headers.kind === 'exit') this.resolve();
    if (headers.kind === 'disconnected') this.reject(new Error(`disconnected: ${body.reason}`));
    if (headers.kind !== 'snapshot' && headers.kind !== 'output') return;
    const bytes = Buffer.from(body, 'base64url');
    if (this.msPerByte > 0) await new Promise((resolve) => setTimeout(resolve, bytes.length * this.msPerByte));
    if (headers.kind === 'snapshot') this.terminal.reset();
    await new Promise((resolve) => this.terminal.write(bytes, resolve));
    this.counts[headers.kind]++;
    this.counts.bytes += bytes.length;
    this.client.write({
      type: 'send',
      address: 'termbus.flow',
      headers: { action: 'ack' },
      body: { subscriber: this.subscriber, seq: Number(headers.seq) },
    });
    this.onFirst();
  }

  /** All that is shown: a line each, with the looks of each cell. */
  shown() {
    const buffer = this.terminal.buffer.active;
    const rows = [`cursor ${buffer.cursorX},${buffer.cursorY} base ${buffer.baseY} length ${buffer.length}`];
    for (let y = 0; y < buffer.length; y++) {
      const line = buffer.getLine(y);
      let row = `${line.isWrapped} `;
      for (let x = 0; x < line.length; x++) {
        const cell = line.getCell(x);
        row += `${cell.getChars()}/${cell.getFgColor()}/${cell.getBgColor()}/${cell.isBold()}/${cell.isUnderline()} `;
      }
      rows.push(row);
    }
    return rows;
  }
}

const creator = await new Client().open();
const { id } = await creator.ask('termbus.hub', 'create', { command: ['sh', '-c', FLOOD] });
const reference = await new Viewer(0).attach(id, 'block');
const throttled = await new Viewer(1 / BYTES_PER_MS).attach(id, 'skip');
await creator.ask(`termbus.session.${id}`, 'input', { data: '\n' });
await Promise.all([reference.done, throttled.done]);

const wanted = reference.shown();
const got = throttled.shown();
for (let i = 0; i < Math.max(wanted.length, got.length); i++) {
  if (wanted[i] !== got[i]) {
    console.error(`row ${i} differs\nwanted ${wanted[i]}\ngot    ${got[i]}`);
    process.exit(1);
  }
}
if (reference.counts.snapshot !== 1 || throttled.counts.snapshot < 3 || throttled.counts.bytes * 2 > reference.counts.bytes) {
  console.error('the one was to get all and the other to skip', reference.counts, throttled.counts);
  process.exit(1);
}
console.log(`ok ${wanted.length} rows; reference ${JSON.stringify(reference.counts)} throttled ${JSON.stringify(throttled.counts)}`);
process.exit(0);
