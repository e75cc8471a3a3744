// The conformance suite of MCP against a hub. It has no way to give a token, so that a proxy in between does.
// Usage: node mcp-conformance.mjs <url> <token> <scenario…>. Prints what it says; exits 0 where all checks pass.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [url, token, ...scenarios] = process.argv.slice(2);
const { port } = new URL(url);

const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${token}` };
  const onward = http.request({ port, host: '127.0.0.1', method: request.method, path: request.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});
await new Promise((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });

const here = path.dirname(fileURLToPath(import.meta.url));
const judge = ['--import', path.join(here, 'mcp-node20.mjs'),
  path.join(here, '../node_modules/@modelcontextprotocol/conformance/dist/index.js')];
const results = fs.mkdtempSync(path.join(os.tmpdir(), 'mcp-conformance-'));

function run(scenario) {
  const server = ['server', '--url', `http://127.0.0.1:${proxy.address().port}/mcp`, '--scenario', scenario];
  const child = spawn(process.execPath, [...judge, ...server], { cwd: results, stdio: 'inherit' });
  return new Promise((resolve) => { child.on('exit', resolve); });
}

const statuses = [];
for (const scenario of scenarios) {
  statuses.push(await run(scenario));
}
fs.rmSync(results, { recursive: true });
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
