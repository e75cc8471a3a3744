import { child, setText } from '../../packages/terminal/elements.js';
import { bytesInWords, countInWords, secondsInWords } from './words.js';

/** Less is the way here and back, in milliseconds. */
const SHOWN_MS = 100;

/**
 * Shows the state of the window's own subscription: zone, what is unread, how far behind, what was skipped; and input
 * that is not confirmed.
 */
export class FlowIndicator {
  #root;
  #text;
  #unacked;
  #lag;
  #skipped;
  #input;
  #spoken;
  #spokenZone = '';
  #spokenInput;

  constructor(root) {
    this.#root = root;
    this.#text = root.querySelector('[data-flow=text]');
    this.#unacked = root.querySelector('[data-flow=unacked]');
    this.#lag = root.querySelector('[data-flow=lag]');
    this.#skipped = root.querySelector('[data-flow=skipped]');
    this.#input = root.querySelector('[data-flow=input]');
    this.#spoken = spoken(root);
    this.#spokenInput = spoken(root);
  }

  /**
   * @param reading as a FlowReading tells it
   * @param input words on input that is not confirmed, or empty
   */
  show({ zone, text, late, unacked, lagMs = 0, unsentBytes = 0, skippedBytes = 0 }, input) {
    this.#root.dataset.zone = zone;
    this.#root.toggleAttribute('data-late', late);
    setText(this.#text, text);
    figure(this.#unacked, unacked !== undefined && `${countInWords(unacked.deliveries)} unacked · ${bytesInWords(unacked.bytes)}`);
    const age = lagMs >= SHOWN_MS && `lag ${secondsInWords(lagMs)}`;
    const unsent = unsentBytes > 0 && `${bytesInWords(unsentBytes)} unsent`;
    figure(this.#lag, [age, unsent].filter(Boolean).join(' · '));
    figure(this.#skipped, skippedBytes > 0 && `${bytesInWords(skippedBytes)} condensed`);
    figure(this.#input, input);
    this.#speak(zone, text, input);
  }

  /** The words change each second while one lags; they are spoken when the zone changes. That the hub is silent the page's head says. */
  #speak(zone, text, input) {
    if (zone !== 'old' && (zone === 'off' || zone !== this.#spokenZone)) {
      setText(this.#spoken, zone === 'off' ? text : `${zone}: ${text}`);
      this.#spokenZone = zone;
    }
    const confirmed = input.endsWith('confirmed') && !input.endsWith('unconfirmed');
    setText(this.#spokenInput, input === '' || confirmed ? input : 'Input is not confirmed');
  }
}

/** A place whose text is spoken and not seen. */
function spoken(root) {
  const element = child(root, 'visually-hidden');
  element.setAttribute('role', 'status');
  return element;
}

/** @param text or something false, where there is nothing to show */
function figure(element, text) {
  element.hidden = !text;
  setText(element, text || '');
}
