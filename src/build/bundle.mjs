// Bundles the web app: node bundle.mjs WEBROOT TARGET. WEBROOT has the sources; TARGET is the copy of it that is served,
// where they run as they are, with the modules of the packages that they are built from, whose pages are made to name
// bundles. Files of the bundle have names that change with what is in them, and a compressed form beside them.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { styleSheets } from './style-sheets.mjs';

const [source, target] = process.argv.slice(2).map((each) => path.resolve(each));
const require = createRequire(path.join(source, 'package.json'));
const { build, transform } = require('esbuild');
const ASSETS = 'assets';
/** What each page names: the first of each kind is replaced by the bundle of all, whose name begins with the stem. */
const BUS = ['vendor/sockjs-client/dist/sockjs.min.js', 'vendor/@vertx/eventbus-bridge-client.js/vertx-eventbus.js'];
const PAGES = {
  'index.html': [
    { stem: 'app', module: 'js/app/main.js' },
    { stem: 'bus', scripts: BUS },
    { stem: 'app', styles: ['vendor/@xterm/xterm/css/xterm.css', 'packages/terminal/terminal.css', 'css/app.css', 'css/board.css'] },
  ],
  'embed.html': [
    { stem: 'embed', module: 'js/app/embed.js' },
    { stem: 'embed', styles: ['css/embed.css'] },
  ],
};
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
  return `vendor/${/\.css$/.test(name) ? name : `${name}/${require(fileOf(`vendor/${name}/package.json`)).module}`}`;
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

/** → the names of what is bundled, and that of the bundle. */
async function bundled({ stem, module, scripts, styles }) {
  if (module) {
    return [[module], await write(stem, 'js', await moduleWithAll(module))];
  }
  const [names, loader] = scripts ? [scripts, 'js'] : [styles, 'css'];
  return [names, await write(stem, loader, (await transform(await joined(names), { loader, minify: true, legalComments: 'eof' })).code)];
}

async function moduleWithAll(module) {
  const { outputFiles } = await build({
    entryPoints: [path.join(source, module)],
    bundle: true,
    format: 'esm',
    legalComments: 'eof',
    minify: true,
    nodePaths: [path.join(source, 'node_modules')],
    plugins: [styleSheets],
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}

/** The page with the bundle in place of what is in it. */
function named(file, page, [[first, ...others], bundle]) {
  const missing = [first, ...others].find((name) => !page.includes(`"${name}"`));
  if (missing) {
    throw new Error(`${file} does not name ${missing}`);
  }
  const line = (name) => new RegExp(`^.*"${name.replaceAll('.', '\\.')}".*\n`, 'm');
  return others.reduce((rest, name) => rest.replace(line(name), ''), page.replace(`"${first}"`, `"${bundle}"`));
}

await copyPackages();
await rm(path.join(target, ASSETS), { recursive: true, force: true });
await mkdir(path.join(target, ASSETS), { recursive: true });
for (const [file, bundles] of Object.entries(PAGES)) {
  let page = await readFile(path.join(source, file), 'utf8');
  for (const bundle of bundles) {
    page = named(file, page, await bundled(bundle));
  }
  await writeFile(path.join(target, file), page);
}
