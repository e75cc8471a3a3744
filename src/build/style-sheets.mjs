import { readFile } from 'node:fs/promises';

/** For esbuild: style sheets that modules import as such become modules that any browser takes. */
export const styleSheets = {
  name: 'style-sheets',
  setup: (it) =>
    it.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: `const sheet = new CSSStyleSheet();
sheet.replaceSync(${JSON.stringify(await readFile(path, 'utf8'))});
export default sheet;`,
    })),
};
