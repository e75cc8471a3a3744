/** Small steps with elements. Text goes in as text only. */

/** A new last child of that class. */
export function child(parent, className, tag = 'span') {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

/** Sets a text only where it changed: screen readers and selections are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
