export { connect, Hub } from './hub.js';
export { Disconnected, HubError } from './errors.js';
