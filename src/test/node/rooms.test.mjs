import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const WEBROOT = new URL('../../../webroot/', import.meta.url);
/** From top to bottom: each room may import from itself and from those after it. The packages are served where their links are. */
const ROOMS = ['js/app', 'packages/terminal', 'js/client', 'packages/client'];
/** Who may import what by the name of a package. */
const NAMED = { 'packages/terminal': /^@(xterm\/|termbus\/client(\/src\/|$))/ };
/** What a browser page has and a program without one has not. */
const DOM = /(?<![.\w#])(document|window|navigator|location|history|(local|session)Storage|getComputedStyle|requestAnimationFrame|[A-Z]\w*Observer|HTML\w+|Element|Node)\b(?!:)/;

const modules = ROOMS.flatMap((room) =>
  readdirSync(new URL(`${room}/`, WEBROOT))
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ room, name, text: readFileSync(new URL(`${room}/${name}`, WEBROOT), 'utf8') })),
);

/** Strings and comments may say what they like. */
const code = (text) => text.replace(/\/\*.*?\*\/|\/\/.*$|'(\\.|[^'\\\n])*'/gms, '');

/** What a module imports. */
const imports = ({ text }) => [...text.matchAll(/(?:^(?:import|export|\}) .*from |\bimport\s*\(?\s*)['"`]([^'"`]+)/gm)].map(([, path]) => path);

/** The room of a path of a module. */
const roomOf = (path, { room }) => new URL(path, `file:///${room}/`).pathname.split('/').slice(1, 3).join('/');

test('every module is in one of the rooms', () => {
  assert.deepEqual(
    ['js', 'packages'].flatMap((place) => readdirSync(new URL(place, WEBROOT)).map((room) => `${place}/${room}`)).sort(),
    [...ROOMS].sort(),
  );
  assert.ok(modules.length > 30, `${modules.length} modules`);
});

test('imports go from the app to the terminal to the client; only the terminal imports xterm.js', () => {
  const offenders = modules.filter((module) => {
    const rooms = ROOMS.slice(ROOMS.indexOf(module.room));
    return imports(module).some((path) => (path.startsWith('.') ? !rooms.includes(roomOf(path, module)) : !NAMED[module.room]?.test(path)));
  });
  assert.deepEqual(offenders.map(({ room, name }) => `${room}/${name}`), []);
});

test('the packages import no module of the app by its place', () => {
  const offenders = modules.filter((module) => module.room.startsWith('packages/') && imports(module).some((path) => path.startsWith('..')));
  assert.deepEqual(offenders.map(({ room, name }) => `${room}/${name}`), []);
});

test('the client of the hub needs no page', () => {
  const offenders = modules.filter(({ room, text }) => room.endsWith('/client') && DOM.test(code(text)));
  assert.deepEqual(offenders.map(({ room, name }) => `${room}/${name}`), []);
});
