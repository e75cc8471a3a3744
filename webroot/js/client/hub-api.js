import { HubClock } from './hub-clock.js';

const HUB = 'termbus.hub';
const FLOW = 'termbus.flow';
const sessionAddress = (id) => `termbus.session.${id}`;

/** The operations of the hub, one method each. All return promises that reject with a HubError. */
export class HubApi {
  #bus;
  #now;
  /** The hub's clock, as far as replies tell it. */
  clock = new HubClock();

  constructor(bus, { now = () => performance.now() } = {}) {
    this.#bus = bus;
    this.#now = now;
  }

  login(token) {
    return this.#timed(this.#bus.request(HUB, 'login', { token }));
  }

  info() {
    return this.#timed(this.#bus.request(HUB, 'info'));
  }

  create(options) {
    return this.#bus.request(HUB, 'create', options);
  }

  async list() {
    return (await this.#bus.request(HUB, 'list')).sessions;
  }

  /** All that the hub knows of a session. */
  session(id) {
    return this.#bus.request(sessionAddress(id), 'info');
  }

  input(id, body) {
    return this.#bus.request(sessionAddress(id), 'input', body);
  }

  resize(id, { cols, rows }) {
    return this.#bus.request(sessionAddress(id), 'resize', { cols, rows });
  }

  rename(id, name) {
    return this.#bus.request(sessionAddress(id), 'rename', { name });
  }

  clear(id) {
    return this.#bus.request(sessionAddress(id), 'clear');
  }

  /** Scrollback and screen as plain text: → {data, …} */
  text(id) {
    return this.#bus.request(sessionAddress(id), 'snapshot', { format: 'text' });
  }

  /**
   * The next piece of the screen with its whole scrollback, the first where none is named: → {data, next?: the name of
   * the piece behind it}, and with the first what `snapshot` tells.
   */
  snapshotPiece(id, piece, next) {
    return this.#bus.request(sessionAddress(id), 'snapshot', next === undefined ? { piece } : { piece, next });
  }

  /** An action of the session's that has no method here. */
  ofSession(id, action, body) {
    return this.#bus.request(sessionAddress(id), action, body);
  }

  kill(id) {
    return this.#bus.request(sessionAddress(id), 'kill');
  }

  /** → {token, id, expiresAt, publicUrl?, …} */
  share(body) {
    return this.#bus.request(HUB, 'share', body);
  }

  /** The shares that hold: [{id, session?, role, createdAt, expiresAt, createdBy}] */
  async shares() {
    return (await this.#bus.request(HUB, 'shares')).shares;
  }

  revoke(id) {
    return this.#bus.request(HUB, 'revoke', { id });
  }

  attach(body) {
    return this.#bus.request(FLOW, 'attach', body);
  }

  status(subscriber) {
    return this.#timed(this.#bus.request(FLOW, 'status', { subscriber }));
  }

  ack(subscriber, seq) {
    this.#bus.tell(FLOW, 'ack', { subscriber, seq });
  }

  detach(subscriber) {
    this.#bus.tell(FLOW, 'detach', { subscriber });
  }

  /** The subscribers of a session, or, without one, of all sessions of the hub: → {subscribers, total} */
  subscribers(session) {
    return this.#bus.request(FLOW, 'subscribers', session === undefined ? {} : { session });
  }

  disconnect(subscriber) {
    return this.#bus.request(FLOW, 'disconnect', { subscriber });
  }

  /** Published changes of zones, and forced disconnects. */
  warnings(onWarning) {
    return this.#bus.register('termbus.warnings', (message) => onWarning(message.body));
  }

  /** Published events of sessions and subscribers. */
  events(onEvent) {
    return this.#bus.register('termbus.events', (message) => onEvent(message.body));
  }

  deliveries(address, onDelivery, onError) {
    return this.#bus.register(address, onDelivery, onError);
  }

  async #timed(request) {
    const sentAt = this.#now();
    const body = await request;
    if (Number.isFinite(body.time)) {
      this.clock.replied(sentAt, body.time, this.#now());
    }
    return body;
  }
}
