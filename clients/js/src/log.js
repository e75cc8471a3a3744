/** The only module that writes to the console. */
export const log = Object.freeze({
  info: (...parts) => console.info('termbus:', ...parts),
  warn: (...parts) => console.warn('termbus:', ...parts),
  error: (...parts) => console.error('termbus:', ...parts),
});
