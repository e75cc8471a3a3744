/** Small choices that are kept in this browser, or, where its settings forbid that, for as long as the page. */

const PREFIX = 'termbus.';

/** @param storage where to look, `sessionStorage` for what belongs to one window */
export function readStored(key, storage = () => localStorage) {
  try {
    return storage().getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function store(key, value, storage = () => localStorage) {
  try {
    if (value === null) {
      storage().removeItem(PREFIX + key);
    } else {
      storage().setItem(PREFIX + key, value);
    }
  } catch {
    // lasts as long as the page
  }
}
