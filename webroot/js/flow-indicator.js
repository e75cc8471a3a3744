import { child, setText } from './elements.js';
import { bytesInWords, countInWords, flowInWords, secondsInWords } from './words.js';

/** What takes less is the way here and back. */
const SHOWN_MS = 100;

/** Shows how one's own subscription does: zone, what is unread, how far behind, what was skipped. */
export class FlowIndicator {
  #root;
  #text;
  #unacked;
  #lag;
  #skipped;
  #spoken;
  #status = null;

  constructor(root) {
    this.#root = root;
    this.#text = root.querySelector('[data-flow=text]');
    this.#unacked = root.querySelector('[data-flow=unacked]');
    this.#lag = root.querySelector('[data-flow=lag]');
    this.#skipped = root.querySelector('[data-flow=skipped]');
    this.#spoken = child(root, 'visually-hidden');
    this.#spoken.setAttribute('role', 'status');
  }

  /** A reply of the `status` action. */
  status(status) {
    this.#status = status;
    this.#render();
  }

  /** A `warning` delivery: fresher than the last status. */
  warning({ level, queueSize, queueBytes }) {
    this.#status = {
      ...this.#status,
      zone: level,
      unackedDeliveries: queueSize,
      unackedBytes: queueBytes,
    };
    this.#render();
  }

  /** Not attached. */
  off(text) {
    this.#status = null;
    this.#show('off', text);
    for (const figure of [this.#unacked, this.#lag, this.#skipped]) {
      figure.hidden = true;
    }
  }

  #render() {
    const { zone, unackedDeliveries = 0, unackedBytes = 0, lagMs = 0, lagBytes = 0, skippedBytes = 0 } = this.#status;
    this.#show(zone, flowInWords(this.#status));
    show(this.#unacked, true, `${countInWords(unackedDeliveries)} unacked · ${bytesInWords(unackedBytes)}`);
    const age = lagMs >= SHOWN_MS && `lag ${secondsInWords(lagMs)}`;
    const unsent = lagBytes > 0 && `${bytesInWords(lagBytes)} unsent`;
    show(this.#lag, age || unsent, [age, unsent].filter(Boolean).join(' · '));
    show(this.#skipped, skippedBytes > 0, `${bytesInWords(skippedBytes)} condensed`);
  }

  /** The words change each second while one lags; they are spoken when the zone changes. */
  #show(zone, text) {
    const changed = this.#root.dataset.zone !== zone;
    this.#root.dataset.zone = zone;
    setText(this.#text, text);
    if (changed || zone === 'off') {
      setText(this.#spoken, zone === 'off' ? text : `${zone}: ${text}`);
    }
  }
}

function show(element, visible, text) {
  element.hidden = !visible;
  setText(element, text);
}
