/** Rows beyond the visible ones that exist all the same, so that scrolling and Tab find something. */
const OVERSCAN = 6;

/**
 * Shows a part of many rows: only those in sight exist as elements. A row keeps its element while it is in
 * sight, so focus and selection stay; the row with the focus exists wherever it is.
 */
export class VirtualRows {
  #scroller;
  #body;
  #make;
  #fill;
  #heightOf;
  #rows = [];
  #tops = [0];
  #elements = new Map();

  /**
   * @param scroller scrolls; @param body inside it, holds the rows, positioned
   * @param make makes the element of a row; @param fill updates one; @param heightOf its height in pixels
   */
  constructor(scroller, body, { make, fill, heightOf }) {
    this.#scroller = scroller;
    this.#body = body;
    this.#make = make;
    this.#fill = fill;
    this.#heightOf = heightOf;
    scroller.addEventListener('scroll', () => this.#render(), { passive: true });
  }

  get rows() {
    return this.#rows;
  }

  show(rows) {
    this.#rows = rows;
    this.#tops = [0];
    for (const row of rows) {
      this.#tops.push(this.#tops.at(-1) + this.#heightOf(row));
    }
    this.#body.style.height = `${this.#tops.at(-1)}px`;
    this.#render();
  }

  /** The element of that row, scrolled into sight; undefined where there is no such row. */
  reveal(index) {
    const row = this.#rows[index];
    if (row === undefined) {
      return undefined;
    }
    const { scrollTop, clientHeight } = this.#scroller;
    if (this.#tops[index] < scrollTop) {
      this.#scroller.scrollTop = this.#tops[index];
    } else if (this.#tops[index + 1] > scrollTop + clientHeight) {
      this.#scroller.scrollTop = this.#tops[index + 1] - clientHeight;
    }
    this.#render();
    return this.#elements.get(row.key);
  }

  #render() {
    const [first, last] = visible(this.#tops, this.#scroller.scrollTop, this.#scroller.clientHeight);
    const wanted = new Map();
    this.#rows.forEach((row, index) => {
      if ((index >= first && index < last) || this.#elements.get(row.key)?.contains(document.activeElement)) {
        wanted.set(row.key, [row, index]);
      }
    });
    for (const [key, element] of this.#elements) {
      if (!wanted.has(key)) {
        element.remove();
        this.#elements.delete(key);
      }
    }
    let previous = null;
    for (const [row, index] of wanted.values()) {
      const element = this.#place(row, index);
      const next = previous === null ? this.#body.firstChild : previous.nextSibling;
      if (next !== element) {
        this.#body.insertBefore(element, next);
      }
      previous = element;
    }
  }

  #place(row, index) {
    let element = this.#elements.get(row.key);
    if (element === undefined) {
      element = this.#make(row);
      this.#elements.set(row.key, element);
    }
    element.style.top = `${this.#tops[index]}px`;
    this.#fill(element, row, index);
    return element;
  }
}

/** First and behind the last index of the rows in sight, with some around. `tops` ends with the bottom of the last. */
export function visible(tops, scrollTop, height) {
  const count = tops.length - 1;
  let first = 0;
  while (first < count && tops[first + 1] <= scrollTop) {
    first++;
  }
  let last = first;
  while (last < count && tops[last] < scrollTop + height) {
    last++;
  }
  return [Math.max(0, first - OVERSCAN), Math.min(count, last + OVERSCAN)];
}
