import { bytesInWords, countInWords, flowInWords } from './words.js';

/** Shows how one's own subscription does: zone, what is unread, how far behind, what was skipped. */
export class FlowIndicator {
  #root;
  #text;
  #unacked;
  #lag;
  #skipped;
  #status = null;

  constructor(root) {
    this.#root = root;
    this.#text = root.querySelector('[data-flow=text]');
    this.#unacked = root.querySelector('[data-flow=unacked]');
    this.#lag = root.querySelector('[data-flow=lag]');
    this.#skipped = root.querySelector('[data-flow=skipped]');
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
    this.#root.dataset.zone = 'off';
    this.#text.textContent = text;
    for (const figure of [this.#unacked, this.#lag, this.#skipped]) {
      figure.hidden = true;
    }
  }

  #render() {
    const { zone, unackedDeliveries = 0, unackedBytes = 0, lagBytes = 0, skippedBytes = 0 } = this.#status;
    this.#root.dataset.zone = zone;
    this.#text.textContent = flowInWords(this.#status);
    show(this.#unacked, true, `${countInWords(unackedDeliveries)} unacked · ${bytesInWords(unackedBytes)}`);
    show(this.#lag, lagBytes > 0, `lag ${bytesInWords(lagBytes)}`);
    show(this.#skipped, skippedBytes > 0, `${bytesInWords(skippedBytes)} condensed`);
  }
}

function show(element, visible, text) {
  element.hidden = !visible;
  element.textContent = text;
}
