import '../../packages/terminal/index.js';

/** What the address may set. */
const ATTRIBUTES = ['session', 'mode', 'lag', 'font-size', 'theme', 'screen-reader'];
const EVENTS = ['ready', 'title', 'zone', 'lag', 'exit', 'closed'];

/**
 * A terminal in a frame of somebody else's page. Which pages those may be the hub has told the browser
 * (`http.frameAncestors`). The page around posts `{token}`, and hears of the terminal's events as `{type, detail}`.
 */
const terminal = document.createElement('termbus-terminal');
const asked = new URLSearchParams(location.search);
for (const name of ATTRIBUTES.filter((each) => asked.has(each))) {
  terminal.setAttribute(name, asked.get(name));
}
terminal.setAttribute('images', '');

addEventListener('message', ({ source, origin, data }) => {
  if (source === parent && source !== window && typeof data?.token === 'string') {
    tellTo(origin);
    terminal.token = data.token;
  }
});

let listener = null;
/** Its parent stays the same; events are for the page that has given the token, and for no other that came in its place. */
function tellTo(origin) {
  if (listener === null) {
    EVENTS.forEach((type) => terminal.addEventListener(type, ({ detail }) => tell(type, detail)));
  }
  listener = origin;
}

/** Errors do not come through with their fields. */
function tell(type, { error, ...detail }) {
  const told = error === undefined ? detail : { ...detail, error: { code: error.code ?? 0, message: error.message } };
  parent.postMessage({ type, detail: told }, listener);
}

document.body.append(terminal);
