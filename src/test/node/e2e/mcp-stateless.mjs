// The client of the SDK for the revision without a handshake. Usage as of mcp-handshake.mjs.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { callOff, drive, transport } from './mcp-agent.mjs';

const client = new Client({ name: 'stateless', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
await client.connect(transport(StdioClientTransport, StreamableHTTPClientTransport));
const call = (name, args, options) => client.callTool({ name, arguments: args }, options);
await drive(client, call);
await callOff(call, call);
await client.close();
console.log('ok');
