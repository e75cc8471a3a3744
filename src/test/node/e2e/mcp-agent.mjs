// What an agent does, by a client of either SDK: starts a program, answers its question, looks, leaves.
import assert from 'node:assert/strict';

const TOOLS = ['list', 'create', 'run', 'keys', 'read', 'screen', 'wait', 'lease', 'kill'];
const PROGRAM = 'printf "go on? [y/N] "; read a; echo "you said $a"; read b';

/** By the arguments of the script: http <url> <token>, or stdio <command…>. */
export function transport(Stdio, Http) {
  const [way, ...rest] = process.argv.slice(2);
  return way === 'stdio'
    ? new Stdio({ command: rest[0], args: rest.slice(1), env: process.env })
    : new Http(new URL(rest[0]), { requestInit: { headers: { Authorization: `Bearer ${rest[1]}` } } });
}

/**
 * @param client connected
 * @param call calls a tool: (name, arguments) → result
 */
export async function drive(client, call) {
  const ask = async (name, args) => {
    const result = await call(name, args);
    assert.notEqual(result.isError, true, JSON.stringify(result));
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
    return result.structuredContent;
  };

  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name), TOOLS);

  const { id: session } = await ask('create', { command: ['sh', '-c', PROGRAM], name: 'agent' });
  assert.ok((await ask('list', {})).sessions.some((each) => each.id === session));
  const asked = await ask('wait', { session, since: 0, any: [{ text: 'no such text' }, { regex: '\\[y/N\\]' }] });
  assert.equal(asked.matched, 1);

  const { lease } = await ask('lease', { session, note: 'a test' });
  const refused = await call('keys', { session, keys: ['Entre'], lease });
  assert.equal(refused.isError, true);
  assert.match(refused.content[0].text, /^400: .*Entre/);
  const { offset } = await ask('keys', { session, keys: [{ text: 'yes' }, 'Enter'], lease });
  const said = await ask('wait', { session, since: offset, any: [{ text: 'you said yes' }], timeoutMs: 30000 });
  assert.equal(said.matched, 0);
  assert.match((await ask('read', { session, since: offset })).text, /you said yes/);
  assert.match((await ask('screen', { session })).text, /you said yes/);
  assert.deepEqual(await ask('lease', { session, lease, release: true }), { released: true });

  await ask('kill', { session });
  assert.equal((await ask('wait', { session, any: [{ exit: true }] })).state, 'exited');
  assert.equal((await call('keys', { session, keys: ['x'] })).isError, true);
  await assert.rejects(call('no-such-tool', {}));
  await runCommands(ask);
}

async function runCommands(ask) {
  const { id: session } = await ask('create', { command: ['bash'] });
  const failed = await ask('run', { session, command: 'echo "$((6 * 7))"; false' });
  assert.equal(failed.exitCode, 1);
  assert.match(failed.text, /^42\n?$/);
  const long = await ask('run', { session, command: 'read line; echo "got $line"', timeoutMs: 2000 });
  assert.equal(long.running, true);
  await ask('keys', { session, keys: ['x', 'Enter'] });
  assert.equal((await ask('wait', { session, any: [{ command: long.id }] })).matched, 0);
  assert.match((await ask('read', { session, command: long.id })).text, /got x/);
  assert.equal((await ask('wait', { session, any: [{ prompt: true }] })).matched, 0);
  await ask('kill', { session });
}

/** A wait that is called off by the client ends at once. */
export async function callOff(call, ask) {
  const { id: session } = (await ask('create', { command: ['cat'] })).structuredContent;
  const off = new AbortController();
  const waiting = call('wait', { session, any: [{ text: 'never' }], timeoutMs: 600000 }, { signal: off.signal });
  setTimeout(() => off.abort(), 200);
  await assert.rejects(waiting);
  await ask('kill', { session });
}
