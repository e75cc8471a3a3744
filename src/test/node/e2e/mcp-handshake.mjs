// The client of the SDK for revisions with a handshake. Usage: node mcp-handshake.mjs http <url> <token>
// or node mcp-handshake.mjs stdio <command…>. Prints "ok" and exits 0, or fails with what differed.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { callOff, drive, transport } from './mcp-agent.mjs';

const client = new Client({ name: 'handshake', version: '1' });
await client.connect(transport(StdioClientTransport, StreamableHTTPClientTransport));
assert.equal(client.getServerVersion().name, 'termbus');
assert.deepEqual(await client.ping(), {});
const call = (name, args, options) => client.callTool({ name, arguments: args }, undefined, options);
await drive(client, call);
await callOff(call, call);
await client.close();
console.log('ok');
