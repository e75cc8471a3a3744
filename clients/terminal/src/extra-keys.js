/** The code of a key that xterm.js has none for and other terminals have, or null. */
export function extraKey({ ctrlKey, altKey, metaKey, key }) {
  const plainCtrl = ctrlKey && !altKey && !metaKey;
  return plainCtrl && key === '/' ? '\x1f' : null; // undo in editors and shells; with Shift where / is on 7
}
