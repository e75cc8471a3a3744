// Bundles the web app: node bundle.mjs WEBROOT TARGET. WEBROOT has the sources; TARGET is the copy of it that is served,
// where they run as they are, with the modules of the packages that they are built from, whose index.html is made to
// name the bundle. Files of the bundle have names that change with what is in them, and a compressed form beside them.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { moduleOf } from './packages.mjs';

const [source, target] = process.argv.slice(2).map((each) => path.resolve(each));
const { build, transform } = createRequire(path.join(source, 'package.json'))('esbuild');
const ASSETS = 'assets';
const SCRIPTS = ['vendor/sockjs-client/dist/sockjs.min.js', 'vendor/@vertx/eventbus-bridge-client.js/vertx-eventbus.js'];
const STYLES = ['vendor/@xterm/xterm/css/xterm.css', 'packages/terminal/terminal.css', 'css/app.css', 'css/board.css'];
const MAIN = 'js/app/main.js';
/** Links to the packages' modules; browsers get copies there. */
const LINKED = 'packages';
// as bridge.web.Assets wants them
const HASH_CHARS = 12;

// what is served below vendor/ is in node_modules
const fileOf = (name) => path.join(source, name.replace(/^vendor\//, 'node_modules/'));

/** What a module of a package imports by the name of another package, as a path of what is served. */
function served(name) {
  const own = /^@termbus\/client(?:\/src\/(.+))?$/.exec(name);
  if (own) {
    return `${LINKED}/client/${own[1] ?? 'index.js'}`;
  }
  return `vendor/${/\.css$/.test(name) ? name : `${name}/${moduleOf(fileOf(`vendor/${name}`))}`}`;
}

async function copyPackages() {
  await rm(path.join(target, LINKED), { recursive: true, force: true });
  for (const linked of await readdir(path.join(source, LINKED))) {
    await mkdir(path.join(target, LINKED, linked), { recursive: true });
    for (const name of await readdir(path.join(source, LINKED, linked))) {
      const text = await readFile(path.join(source, LINKED, linked, name), 'utf8');
      const copy = text.replace(/(?<=^(?:import|export|\}) .*from ')@[^']+/gm, (wanted) => `../../${served(wanted)}`);
      await writeFile(path.join(target, LINKED, linked, name), copy);
    }
  }
}

async function joined(names) {
  return (await Promise.all(names.map((name) => readFile(fileOf(name), 'utf8')))).join('\n');
}

async function write(stem, extension, text) {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, HASH_CHARS);
  const name = `${ASSETS}/${stem}.${hash}.${extension}`;
  const file = path.join(target, name);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(file, text);
  await writeFile(`${file}.br`, brotliCompressSync(text, quality));
  await writeFile(`${file}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
  return name;
}

await copyPackages();
await rm(path.join(target, ASSETS), { recursive: true, force: true });
await mkdir(path.join(target, ASSETS), { recursive: true });
const main = await build({
  entryPoints: [path.join(source, MAIN)],
  bundle: true,
  format: 'esm',
  legalComments: 'eof',
  minify: true,
  nodePaths: [path.join(source, 'node_modules')],
  target: 'es2022',
  write: false,
});
const names = new Map([
  [MAIN, await write('app', 'js', main.outputFiles[0].text)],
  [SCRIPTS[0], await write('bus', 'js', (await transform(await joined(SCRIPTS), { minify: true, legalComments: 'eof' })).code)],
  [STYLES[0], await write('app', 'css', (await transform(await joined(STYLES), { loader: 'css', minify: true, legalComments: 'eof' })).code)],
]);

let page = await readFile(path.join(source, 'index.html'), 'utf8');
for (const [from, to] of names) {
  if (!page.includes(`"${from}"`)) {
    throw new Error(`index.html does not name ${from}`);
  }
  page = page.replace(`"${from}"`, `"${to}"`);
}
for (const name of [...SCRIPTS.slice(1), ...STYLES.slice(1)]) {
  const line = new RegExp(`^.*"${name.replaceAll('.', '\\.')}".*\n`, 'm');
  if (!line.test(page)) {
    throw new Error(`index.html does not name ${name}`);
  }
  page = page.replace(line, '');
}
await writeFile(path.join(target, 'index.html'), page);
