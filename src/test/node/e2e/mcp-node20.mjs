// Lets the conformance suite, which names a function of later Nodes for what is not used here, start in Node 20.
import { register } from 'node:module';

const FS = `data:text/javascript,${encodeURIComponent(
  'export * from "node:fs"; export { default } from "node:fs"; export function globSync() { throw new Error(); }')}`;
register(`data:text/javascript,${encodeURIComponent(
  `export const resolve = (name, context, next) => (name === 'fs' ? { url: ${JSON.stringify(FS)}, shortCircuit: true } : next(name, context));`)}`);
