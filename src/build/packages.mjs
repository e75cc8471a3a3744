// What builds and bundles need to know of the packages in clients/ that run in browsers.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const CLIENTS = new URL('../../clients/', import.meta.url);
/** Directories of the packages, by name. */
export const PACKAGES = Object.freeze({
  '@termbus/client': fileURLToPath(new URL('js', CLIENTS)),
  '@termbus/terminal': fileURLToPath(new URL('terminal', CLIENTS)),
});

/** For esbuild: style sheets that are imported as such become modules that any browser takes. */
export const styleSheets = {
  name: 'style-sheets',
  setup: (it) =>
    it.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: `const sheet = new CSSStyleSheet();
sheet.replaceSync(${JSON.stringify(await readFile(path, 'utf8'))});
export default sheet;`,
    })),
};

/** The module of a package of npm, as its path in there. */
export const moduleOf = (directory) => JSON.parse(readFileSync(`${directory}/package.json`, 'utf8')).module;
