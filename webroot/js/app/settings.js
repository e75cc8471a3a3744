import { readStored, store } from './stored.js';

/** Fonts that can be chosen, in CSS pixels. */
export const FONT_PX = Object.freeze({ min: 8, max: 32 });

/** The user's choices for all terminals, kept in this browser. Event `change`. */
export class Settings extends EventTarget {
  /** Chosen font size; null is what suits the window. */
  get fontPx() {
    const stored = Number(readStored('font'));
    return stored >= FONT_PX.min && stored <= FONT_PX.max ? stored : null;
  }

  set fontPx(px) {
    const chosen = px === null ? null : Math.round(Math.min(FONT_PX.max, Math.max(FONT_PX.min, px)));
    this.#keep('font', chosen === null ? null : String(chosen));
  }

  get bellSound() {
    return readStored('bell-sound') === 'on';
  }

  set bellSound(on) {
    this.#keep('bell-sound', on ? 'on' : null);
  }

  /** True where terminals also keep their text where a screen reader finds it; that costs time. */
  get screenReader() {
    return readStored('screen-reader') === 'on';
  }

  set screenReader(on) {
    this.#keep('screen-reader', on ? 'on' : null);
  }

  #keep(key, value) {
    store(key, value);
    this.dispatchEvent(new Event('change'));
  }
}
