/** A finger that moves less than this taps. */
const SLOP_PX = 8;
/** How much of its speed a let-go list keeps in each frame, and when it rests. */
const FRICTION = 0.94;
const REST_PX = 0.6;

/**
 * Scrolls a terminal with a finger, which xterm.js 6 does not: as a wheel would, so that the scrollback, programs that take
 * the mouse and full-screen programs all get what a wheel gives them.
 */
export class TouchScroll {
  #host;
  #down = false;
  #x = 0;
  #y = 0;
  #scrolling = false;
  #speed = 0;
  #frame = 0;

  constructor(host) {
    this.#host = host;
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
    this.#wheel(delta);
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
      this.#wheel(this.#speed);
      this.#frame = requestAnimationFrame(() => this.#glide());
    }
  }

  #wheel(deltaY) {
    const target = this.#host.querySelector('.xterm-screen');
    const place = { clientX: this.#x, clientY: this.#y };
    target.dispatchEvent(new WheelEvent('wheel', { deltaY, ...place, bubbles: true, cancelable: true }));
  }
}
