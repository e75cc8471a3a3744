// Packs the packages of npm in clients/: node pack.mjs NODE_MODULES TARGET. The component is built first: modules of its own
// with its style sheets in them, and beside that one file with all it needs, for pages that have no bundler.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleSheets } from './style-sheets.mjs';

const [modules, target] = process.argv.slice(2).map((each) => path.resolve(each));
const { build } = createRequire(path.join(modules, 'x'))('esbuild');
const CLIENTS = fileURLToPath(new URL('../../clients/', import.meta.url));
const COMPONENT = 'terminal';
const PACKAGES = ['js', COMPONENT];
const BROWSERS = { bundle: true, format: 'esm', legalComments: 'eof', nodePaths: [modules], plugins: [styleSheets], target: 'es2022' };

/** Modules of other packages stay theirs; style sheets are the package's own. */
const others = {
  name: 'others',
  setup: (it) => it.onResolve({ filter: /^@/ }, ({ path: name }) => (name.endsWith('.css') ? undefined : { path: name, external: true })),
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const name of PACKAGES) {
  const directory = path.join(CLIENTS, name);
  const stage = path.join(target, name);
  await cp(directory, stage, { recursive: true });
  if (name === COMPONENT) {
    const built = (module) => ({ ...BROWSERS, entryPoints: [path.join(directory, 'src', module)], outfile: path.join(stage, 'dist', module) });
    await build({ ...built('index.js'), plugins: [others, styleSheets] });
    await build({ ...built('standalone.js'), minify: true });
  }
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', target], { cwd: stage, stdio: ['ignore', 'ignore', 'inherit'] });
  await rm(stage, { recursive: true });
}
