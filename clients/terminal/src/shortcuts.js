/**
 * The page's own keys. A terminal has no code of its own for Ctrl+Shift and a letter, nor for Ctrl and
 * `=`, `-`, `0`, so that no program misses them; every other key goes to the program.
 */
const CTRL_SHIFT = Object.freeze({
  KeyE: 'list',
  KeyF: 'find',
  KeyC: 'copy',
  Equal: 'larger',
  Comma: 'previousTab',
  Period: 'nextTab',
  BracketLeft: 'previousPrompt',
  BracketRight: 'nextPrompt',
});
const CTRL = Object.freeze({ '=': 'larger', '+': 'larger', '-': 'smaller', 0: 'normalFont' });

/** The name of the page's action for a key event, or null where it is none of its keys. */
export function shortcutOf({ ctrlKey, shiftKey, altKey, metaKey, code, key }) {
  if (!ctrlKey || altKey || metaKey) {
    return null;
  }
  const action = shiftKey ? CTRL_SHIFT[code] : CTRL[key];
  return action ?? null;
}
