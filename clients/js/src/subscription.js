import { AckBatcher } from './ack-batcher.js';
import { FLOW } from './connection.js';
import { Gap, lost } from './errors.js';
import { ackFrame } from './frames.js';
import { Inbox } from './inbox.js';
import { Retry } from './retry.js';

const LIMIT_REACHED = 429;

const DONE = Object.freeze({ value: undefined, done: true });

/**
 * A session's deliveries through cuts of the connection, as an async iterator: after a loss it attaches anew at the end of
 * what was handed out. Its end ends nothing else.
 */
export class Subscription {
  #connected;
  #options;
  #local;
  #place;
  #hasGap = false;
  #wasAttached = false;
  #retry;
  #subscriber = null;
  #turn = Promise.resolve();
  #ended = false;

  /**
   * @param connected → a connection that is not lost
   * @param options of the request `attach`, and acks: 'manual' where `consumed` says what is consumed, onAttached(session),
   *   onLost(error), before it tries again
   */
  constructor(connected, { from, acks, onAttached = () => {}, onLost = () => {}, ...options }, retryMs) {
    this.#connected = connected;
    this.#options = options;
    this.#local = { manual: acks === 'manual', onAttached, onLost };
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

  /** With manual acks: this delivery is consumed, and all before it. One of before a loss is passed over. */
  consumed(delivery) {
    this.#subscriber?.consumed(delivery);
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
      // what is over a limit may be what was lost here, until the hub notices
      const mayPass = error.transient || (this.#wasAttached && error.code === LIMIT_REACHED);
      if (!mayPass || (isGap && this.#hasGap)) {
        throw error;
      }
      this.#hasGap ||= isGap;
      this.#local.onLost(error);
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
    const subscriber = new Subscriber(connection, attached, request, this.#local.manual);
    this.#subscriber = subscriber; // so that it is dropped where the next step fails
    this.#local.onAttached(attached.session);
    if (this.#ended) {
      throw lost('the subscription was ended');
    }
    await subscriber.register();
    this.#wasAttached = true;
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
  #manual;
  #seq = 0;
  #acks;
  /** The numbers of deliveries. */
  #numbers = new WeakMap();
  /** Handed out, and not yet consumed. */
  #last = null;

  constructor(connection, { subscriber, channel, address }, { from, first }, manual) {
    this.#connection = connection;
    this.#id = subscriber;
    this.#channel = channel;
    this.#address = address;
    this.#offset = from;
    this.#mayBeginLater = first === 'output';
    this.#manual = manual;
    this.#acks = new AckBatcher((seq) => connection.send(ackFrame(channel, seq)));
    connection.listen(channel, address, this.#inbox);
  }

  register() {
    return this.#connection.ask({ type: 'register', address: this.#address });
  }

  async next() {
    if (!this.#manual) {
      this.#ack();
    }
    const { seq, delivery } = await this.#inbox.next();
    if (delivery.data !== undefined) {
      this.#check(seq, delivery);
      this.#seq = seq;
      this.#offset = delivery.offset;
      this.#numbers.set(delivery, seq);
      this.#last = delivery;
    }
    return delivery;
  }

  consumed(delivery) {
    if (this.#numbers.has(delivery)) {
      this.#acks.consumed(this.#numbers.get(delivery), delivery.data.length);
    }
  }

  close() {
    this.#acks.close();
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

  /** What was handed out is consumed; it is acked at once where nothing more waits here. */
  #ack() {
    if (this.#last !== null) {
      this.consumed(this.#last);
      this.#last = null;
    }
    if (this.#inbox.isEmpty) {
      this.#acks.flush();
    }
  }
}
