/** Shows a dialog until it is answered or closed. An error of `read`, and of `act` on the answer, is shown in it. */
export function ask(dialog, read, act = (answer) => answer) {
  const form = dialog.querySelector('form');
  const problem = dialog.querySelector('[data-problem]');
  if (problem) {
    problem.textContent = '';
  }
  return new Promise((resolve) => {
    let answer = null;
    let open = true;
    let busy = false;
    const submitted = async (event) => {
      event.preventDefault();
      if (busy) {
        return;
      }
      busy = true;
      try {
        const made = await act(read());
        if (open) {
          answer = made;
          dialog.close();
        }
      } catch (error) {
        problem.textContent = error.message;
      }
      busy = false;
    };
    form.addEventListener('submit', submitted);
    dialog.addEventListener(
      'close',
      () => {
        open = false;
        form.removeEventListener('submit', submitted);
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

/** → true, or null where it was cancelled. @param preview what it is about, shown as it is */
export function confirmIn(dialog, title, text, action, preview = '') {
  dialog.querySelector('h2').textContent = title;
  dialog.querySelector('[data-text]').textContent = text;
  dialog.querySelector('[data-preview]').textContent = preview;
  dialog.querySelector('[type=submit]').textContent = action;
  return ask(dialog, () => true);
}
