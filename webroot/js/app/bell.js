/** Programs can ring as often as they like: it is heard at most so often, and a flash lasts about as long. */
const EVERY_MS = 300;
const TONE = Object.freeze({ hertz: 660, seconds: 0.12, gain: 0.08 });

/** The bell of the terminals: a flash, and a tone where the user wants one. */
export class Bell {
  #settings;
  #now;
  #audio = null;
  #last = -Infinity;

  constructor(settings, now = () => performance.now()) {
    this.#settings = settings;
    this.#now = now;
  }

  /** @param element what flashes, or null where the terminal is not shown */
  ring(element) {
    if (element !== null) {
      flash(element);
    }
    if (this.#settings.bellSound && this.#now() - this.#last >= EVERY_MS) {
      this.#last = this.#now();
      this.#sound();
    }
  }

  #sound() {
    this.#audio ??= new AudioContext();
    const { currentTime, destination } = this.#audio;
    const gain = new GainNode(this.#audio, { gain: TONE.gain });
    const tone = new OscillatorNode(this.#audio, { frequency: TONE.hertz });
    gain.gain.linearRampToValueAtTime(0, currentTime + TONE.seconds);
    tone.connect(gain).connect(destination);
    tone.start();
    tone.stop(currentTime + TONE.seconds);
  }
}

/** The style sheet animates the class, or only shows it where motion is to be reduced. */
function flash(element) {
  if (!element.classList.contains('rings')) {
    element.classList.add('rings');
    element.addEventListener('animationend', () => element.classList.remove('rings'), { once: true });
  }
}
