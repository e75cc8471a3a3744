/** A finger that moves less than this taps. */
const SLOP_PX = 8;
/** The part of its speed that a let-go list keeps in each frame, and the speed at which it rests. */
const FRICTION = 0.94;
const REST_PX = 1.5;

/** Scrolls with a finger, which xterm.js 6 does not. A finger that is let go glides to rest. */
export class TouchScroll {
  #scroll;
  #down = false;
  #x = 0;
  #y = 0;
  #scrolling = false;
  #speed = 0;
  #frame = 0;

  /** @param scroll takes pixels downwards, and where on the page */
  constructor(host, scroll) {
    this.#scroll = scroll;
    host.addEventListener('touchstart', (event) => this.#began(event), { passive: true });
    host.addEventListener('touchmove', (event) => this.#moved(event), { passive: false });
    host.addEventListener('touchend', () => this.#ended());
    host.addEventListener('touchcancel', () => this.#ended());
  }

  #began({ touches }) {
    cancelAnimationFrame(this.#frame);
    this.#down = touches.length === 1;
    this.#x = touches[0].clientX;
    this.#y = touches[0].clientY;
    this.#scrolling = false;
    this.#speed = 0;
  }

  #moved(event) {
    if (!this.#down || event.touches.length !== 1) {
      return;
    }
    const { clientY } = event.touches[0];
    const delta = this.#y - clientY;
    if (!this.#scrolling && Math.abs(delta) < SLOP_PX) {
      return;
    }
    this.#scrolling = true;
    this.#y = clientY;
    this.#speed = delta;
    event.preventDefault();
    this.#scroll(delta, this.#x, this.#y);
  }

  #ended() {
    const glides = this.#scrolling && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#down = false;
    this.#scrolling = false;
    if (glides) {
      this.#glide();
    }
  }

  #glide() {
    this.#speed *= FRICTION;
    if (Math.abs(this.#speed) >= REST_PX) {
      this.#scroll(this.#speed, this.#x, this.#y);
      this.#frame = requestAnimationFrame(() => this.#glide());
    }
  }
}
