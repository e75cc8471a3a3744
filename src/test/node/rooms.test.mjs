import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const SCRIPTS = new URL('../../../webroot/js/', import.meta.url);
/** From top to bottom: each room may import from itself and from those after it. */
const ROOMS = ['app', 'terminal', 'client'];
/** What a browser page has and a program without one has not. */
const DOM = /(?<![.\w#])(document|window|navigator|location|history|(local|session)Storage|getComputedStyle|requestAnimationFrame|[A-Z]\w*Observer|HTML\w+|Element|Node)\b(?!:)/;

const modules = ROOMS.flatMap((room) =>
  readdirSync(new URL(`${room}/`, SCRIPTS)).map((name) => ({ room, name, text: readFileSync(new URL(`${room}/${name}`, SCRIPTS), 'utf8') })),
);

/** Strings and comments may say what they like. */
const code = (text) => text.replace(/\/\*.*?\*\/|\/\/.*$|'(\\.|[^'\\\n])*'/gms, '');

/** Where a module imports from: `js/` and a room, or `vendor/` and a package's scope. */
const imports = ({ room, text }) =>
  [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"`]([^'"`]+)/g)].map(([, path]) =>
    new URL(path, `file:///js/${room}/`).pathname.split('/').slice(1, 3).join('/'),
  );

test('every module is in one of the rooms', () => {
  assert.deepEqual(readdirSync(SCRIPTS).sort(), [...ROOMS].sort());
  assert.ok(modules.length > 30, `${modules.length} modules`);
});

test('imports go from the app to the terminal to the client; only the terminal imports xterm.js', () => {
  const offenders = modules.filter((module) => {
    const rooms = ROOMS.slice(ROOMS.indexOf(module.room)).map((room) => `js/${room}`);
    const allowed = module.room === 'terminal' ? [...rooms, 'vendor/@xterm'] : rooms;
    return imports(module).some((place) => !allowed.includes(place));
  });
  assert.deepEqual(offenders.map(({ room, name }) => `${room}/${name}`), []);
});

test('the client of the hub needs no page', () => {
  const offenders = modules.filter(({ room, text }) => room === 'client' && DOM.test(code(text)));
  assert.deepEqual(offenders.map(({ name }) => name), []);
});
