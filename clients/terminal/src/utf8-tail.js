/** The first bytes of characters of two, three and four bytes: mask, value, length. */
const LEADS = [
  [0xe0, 0xc0, 2],
  [0xf0, 0xe0, 3],
  [0xf8, 0xf0, 4],
];
const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;

/**
 * Keeps the bytes of an unfinished character back until the next ones come: xterm.js 6 loses some
 * characters that are cut in two between writes.
 */
export class Utf8Tail {
  #kept = new Uint8Array(0);

  /** Returns the bytes that are whole characters. */
  take(bytes) {
    const all = this.#kept.length === 0 ? bytes : joined(this.#kept, bytes);
    const end = all.length - unfinished(all);
    this.#kept = all.slice(end);
    return all.subarray(0, end);
  }

  /** Forgets what was kept. */
  reset() {
    this.#kept = new Uint8Array(0);
  }
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The number of bytes at the end that begin a character that they do not finish. */
function unfinished(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & CONTINUATION_MASK) !== CONTINUATION) {
      const lead = LEADS.find(([mask, value]) => (byte & mask) === value);
      return lead && back < lead[2] ? back : 0;
    }
  }
  return 0;
}
