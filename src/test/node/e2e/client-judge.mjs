/** Plays a scene of ClientsIT with @termbus/client: client-judge.mjs SCENE ARGUMENTS, the latter as JSON. Tells what happens as lines of JSON. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from '../../../../clients/js/src/index.js';

const [scene, json] = process.argv.slice(2);
const args = JSON.parse(json);

const tell = (event, facts = {}) => console.log(JSON.stringify({ event, ...facts }));

const codeOf = (asked) =>
  asked.then(
    () => 0,
    ({ code }) => code,
  );

const scenes = {
  /** Hashes the output of a session from an offset on, to its exit; after the first delivery it may wait for a line of input. */
  async follow(hub) {
    const digest = createHash('sha256');
    let [place, gaps, snapshots, pauses] = [args.from, 0, 0, args.pauses ?? false];
    for await (const delivery of hub.attach(args.session, { lag: args.lag, from: args.from })) {
      switch (delivery.kind) {
        case 'warning':
          tell('zone', { level: delivery.level });
          break;
        case 'snapshot':
          snapshots++;
          place = delivery.offset;
          break;
        case 'output':
          gaps += delivery.offset - delivery.data.length !== place;
          place = delivery.offset;
          digest.update(delivery.data);
          break;
        case 'exit':
          tell('exit', { code: delivery.code, sha256: digest.digest('hex'), gaps, snapshots });
          break;
      }
      if (pauses && delivery.kind === 'output') {
        pauses = false;
        tell('paused');
        await once(process.stdin, 'data');
        process.stdin.pause();
      }
    }
    tell('end');
  },

  async errors(hub) {
    tell('errors', {
      attach: await codeOf(hub.attach('no-such-session').next()),
      create: await codeOf(hub.create({ command: ['true'], cwd: '/no/such/directory' })),
      input: await codeOf(hub.input(args.session, 'x')),
      action: await codeOf(hub.request('termbus.hub', 'dance')),
    });
  },
};

try {
  const hub = await connect({ url: `http://127.0.0.1:${args.http}`, token: args.token });
  try {
    await scenes[scene](hub);
  } catch (error) {
    tell('error', { code: error.code });
    tell('again', { code: await codeOf(hub.sessions()) });
  }
  hub.close();
} catch (error) {
  tell('refused', { code: error.code });
}
