import { TermbusTerminal } from './element.js';

customElements.define('termbus-terminal', TermbusTerminal);

export { TermbusTerminal };
