import { FLOW } from './connection.js';
import { Gap, lost } from './errors.js';
import { ackFrame } from './frames.js';
import { Inbox } from './inbox.js';
import { Retry } from './retry.js';

/** What is consumed is acked when nothing more waits here, after so many bytes, or so long after the last ack. */
const ACK_BYTES = 4096;
const ACK_MS = 50;

const DONE = Object.freeze({ value: undefined, done: true });

/**
 * A session's deliveries through cuts of the connection, as an async iterator: after a loss it attaches anew at the end of
 * what was handed out. Its end ends nothing else.
 */
export class Subscription {
  #connected;
  #options;
  #place;
  #hasGap = false;
  #retry;
  #subscriber = null;
  #turn = Promise.resolve();
  #ended = false;

  /**
   * @param connected → a connection that is not lost
   * @param options of the request `attach`
   */
  constructor(connected, { from, ...options }, retryMs) {
    this.#connected = connected;
    this.#options = options;
    this.#place = from;
    this.#retry = new Retry(retryMs);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** The next delivery. What was handed out before is consumed now, and is acked. */
  next() {
    const turn = this.#turn.then(() => this.#next());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Ends the subscription; the session stays. Idempotent. */
  async return() {
    this.#ended = true;
    this.#retry.stop();
    this.#drop();
    return DONE;
  }

  async #next() {
    while (!this.#ended) {
      try {
        this.#subscriber ??= await this.#attach();
        const delivery = await this.#subscriber.next();
        this.#note(delivery);
        return { value: delivery, done: false };
      } catch (error) {
        await this.#failed(error);
      }
    }
    this.#drop();
    return DONE;
  }

  #note(delivery) {
    if (delivery.offset !== undefined) {
      this.#place = delivery.offset;
      this.#hasGap = false;
      delete this.#options.first; // what is missing from here on is told by a snapshot
      this.#retry.received();
    }
    this.#ended ||= delivery.kind === 'exit';
  }

  async #failed(error) {
    this.#drop();
    if (this.#ended) {
      return;
    }
    try {
      const isGap = error instanceof Gap;
      if (!error.transient || (isGap && this.#hasGap)) {
        throw error;
      }
      this.#hasGap ||= isGap;
      await this.#retry.pause(error);
    } catch (cause) {
      this.#ended = true;
      throw cause;
    }
  }

  async #attach() {
    const connection = await this.#connected();
    const request = this.#place === undefined ? this.#options : { ...this.#options, from: this.#place };
    const attached = await connection.request(FLOW, 'attach', request);
    const subscriber = new Subscriber(connection, attached, request);
    this.#subscriber = subscriber; // so that it is dropped where the next step fails
    if (this.#ended) {
      throw lost('the subscription was ended');
    }
    await subscriber.register();
    this.#retry.attached();
    return subscriber;
  }

  #drop() {
    this.#subscriber?.close();
    this.#subscriber = null;
  }
}

/** One subscriber of one connection. */
class Subscriber {
  #connection;
  #id;
  #channel;
  #address;
  #inbox = new Inbox();
  #offset;
  #mayBeginLater;
  #seq = 0;
  #acked = 0;
  #unackedBytes = 0;
  #ackedAt = 0;

  constructor(connection, { subscriber, channel, address }, { from, first }) {
    this.#connection = connection;
    this.#id = subscriber;
    this.#channel = channel;
    this.#address = address;
    this.#offset = from;
    this.#mayBeginLater = first === 'output';
    connection.listen(channel, address, this.#inbox);
  }

  register() {
    return this.#connection.ask({ type: 'register', address: this.#address });
  }

  async next() {
    this.#ack();
    const { seq, delivery } = await this.#inbox.next();
    if (delivery.data !== undefined) {
      this.#check(seq, delivery);
      this.#seq = seq;
      this.#offset = delivery.offset;
      this.#unackedBytes += delivery.data.length;
    }
    return delivery;
  }

  close() {
    this.#inbox.fail(lost('the subscription was ended'));
    this.#connection.forget(this.#channel, this.#address);
    this.#connection.tell(FLOW, 'detach', { subscriber: this.#id });
  }

  #check(seq, { kind, data, offset }) {
    const start = offset - data.length;
    const isNext = kind === 'snapshot' || this.#offset === undefined || start === this.#offset;
    const beginsLater = seq === 1 && this.#mayBeginLater && start > this.#offset;
    if (seq !== this.#seq + 1 || !(isNext || beginsLater)) {
      throw new Gap(`delivery ${seq} from ${start} does not follow ${this.#seq} at ${this.#offset}`);
    }
  }

  #ack() {
    const now = performance.now();
    const isDue = this.#inbox.isEmpty || this.#unackedBytes >= ACK_BYTES || now - this.#ackedAt >= ACK_MS;
    if (this.#seq > this.#acked && isDue) {
      this.#connection.send(ackFrame(this.#channel, this.#seq));
      this.#acked = this.#seq;
      this.#ackedAt = now;
      this.#unackedBytes = 0;
    }
  }
}
