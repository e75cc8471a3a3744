import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PACKED = path.join(ROOT, 'target', 'npm');
/** What the component asks its users for, and what that needs, from where the web app has it. */
const PEERS = path.join(ROOT, 'webroot', 'node_modules');
const VITE = path.join(ROOT, 'src', 'test', 'node', 'node_modules', 'vite', 'bin', 'vite.js');
/** Where its pages are, as far as its browser can tell. The hub must have it in `http.origins`. */
export const ORIGIN = 'http://localhost:4173';
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' };

/** A project of somebody else's, with a terminal in its pages: empty but for the packed packages, installed from files. */
export class Shop {
  directory = mkdtempSync(path.join(tmpdir(), 'shop-'));
  #server = null;

  install() {
    this.write('package.json', '{"private":true,"type":"module"}');
    const packed = readdirSync(PACKED).filter((name) => name.endsWith('.tgz')).map((name) => path.join(PACKED, name));
    const addons = readdirSync(path.join(PEERS, '@xterm')).map((name) => path.join(PEERS, '@xterm', name));
    const quiet = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    this.#run('npm', 'install', ...quiet, ...packed, ...addons, path.join(PEERS, 'js-base64'));
  }

  write(name, text) {
    writeFileSync(path.join(this.directory, name), text);
  }

  /** Bundles its `index.html` into `dist`. */
  bundle() {
    this.#run(process.execPath, VITE, 'build', '--logLevel', 'error', '--base', './');
  }

  /**
   * Serves its files.
   * @param policy takes a name → the content security policy of that file, or an empty text
   * @returns a promise of the browser's option that finds them at that origin
   */
  async serve(policy) {
    this.#server = createServer(({ url }, response) => {
      const { pathname } = new URL(url, ORIGIN);
      const name = path.join(this.directory, pathname);
      const type = TYPES[name.split('.').pop()] ?? 'application/octet-stream';
      const headers = { 'Content-Type': type, 'Content-Security-Policy': policy(pathname.slice(1)) };
      if (existsSync(name)) {
        response.writeHead(200, headers).end(readFileSync(name));
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `--host-resolver-rules=MAP ${new URL(ORIGIN).host} 127.0.0.1:${this.#server.address().port}`;
  }

  remove() {
    this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #run(command, ...args) {
    execFileSync(command, args, { cwd: this.directory, stdio: ['ignore', 'pipe', 'inherit'] });
  }
}
