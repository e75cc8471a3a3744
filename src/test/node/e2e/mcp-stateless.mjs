// The client of the SDK for the revision without a handshake. Usage as of mcp-handshake.mjs.
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { callOff, drive } from './mcp-agent.mjs';

const [way, ...rest] = process.argv.slice(2);

function transport() {
  if (way === 'stdio') {
    return new StdioClientTransport({ command: rest[0], args: rest.slice(1), env: process.env });
  }
  const headers = { Authorization: `Bearer ${rest[1]}` };
  return new StreamableHTTPClientTransport(new URL(rest[0]), { requestInit: { headers } });
}

const client = new Client({ name: 'stateless', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
await client.connect(transport());
const call = (name, args, options) => client.callTool({ name, arguments: args }, options);
await drive(client, call);
await callOff(call, call);
await client.close();
console.log('ok');
