/** Asks for the token when the hub does not know who this is. Event `token` with it as detail. */
export class LoginForm extends EventTarget {
  #root;
  #page;
  #form;
  #problem;

  /** @param page what must not be reached while the form is shown */
  constructor(root, page) {
    super();
    this.#root = root;
    this.#page = page;
    this.#form = root.querySelector('form');
    this.#problem = root.querySelector('[data-problem]');
    this.#form.addEventListener('submit', (event) => this.#submitted(event));
  }

  show(problem = '') {
    this.#problem.textContent = problem;
    this.#root.hidden = false;
    this.#page.inert = true;
    this.#form.elements.token.focus();
  }

  hide() {
    this.#root.hidden = true;
    this.#page.inert = false;
    this.#form.reset();
  }

  #submitted(event) {
    event.preventDefault();
    const token = this.#form.elements.token.value.trim();
    if (token !== '') {
      this.dispatchEvent(new CustomEvent('token', { detail: token }));
    }
  }
}
