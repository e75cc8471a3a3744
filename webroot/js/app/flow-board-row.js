import { ageInWords } from './age.js';
import { child, setText } from '../../packages/terminal/elements.js';
import { Sparkline } from './sparkline.js';
import { bytesInWords, countInWords, exitInWords, secondsInWords, userInWords } from './words.js';

const CELLS = ['who', 'zone', 'unread', 'behind', 'throughput', 'from', 'act'];

/** One row of the flow board: a session, or one of its subscribers. Filled again with each listing. */
export class FlowBoardRow {
  #cells = {};
  #spark;
  #rate;

  constructor(row) {
    this.element = document.createElement('div');
    this.element.className = `board-row ${row.kind}`;
    this.element.setAttribute('role', 'row');
    this.element.tabIndex = -1;
    this.element.dataset.key = row.key;
    for (const name of CELLS) {
      this.#cells[name] = child(this.element, `cell ${name}`);
      this.#cells[name].setAttribute('role', name === 'who' ? 'rowheader' : 'gridcell');
    }
    this.#cells.name = child(this.#cells.who, 'board-name');
    this.#cells.detail = child(this.#cells.who, 'board-detail');
    child(this.#cells.zone, 'zone-dot').setAttribute('aria-hidden', 'true');
    this.#cells.zoneText = child(this.#cells.zone, 'zone-text');
    this.#spark = new Sparkline(this.#cells.throughput);
    this.#rate = child(this.#cells.throughput, 'rate');
    this.button = child(this.#cells.act, `button${row.kind === 'session' ? '' : ' danger'}`, 'button');
    this.button.type = 'button';
    this.button.textContent = row.kind === 'session' ? 'Open' : 'Disconnect';
  }

  /** Lets Tab come here or not. */
  set current(current) {
    this.element.tabIndex = current ? 0 : -1;
    this.button.tabIndex = this.element.tabIndex;
  }

  /** @param index counts from 0 */
  fill(row, index, nowMs) {
    this.element.setAttribute('aria-rowindex', String(index + 2));
    this.#spark.show(row.throughput.values);
    setText(this.#rate, `${bytesInWords(row.throughput.rate)}/s`);
    if (row.kind === 'session') {
      this.#session(row);
    } else {
      this.#subscriber(row.facts, row.label, nowMs);
    }
  }

  #session({ facts, label, count, worst }) {
    const state = facts.state === 'exited' ? exitInWords(facts.exit) : (facts.command ?? []).join(' ');
    setText(this.#cells.name, label);
    setText(this.#cells.detail, state === label ? '' : state);
    this.#zone(count === 0 ? 'off' : worst, count === 1 ? '1 viewer' : `${countInWords(count)} viewers`);
    setText(this.#cells.from, [facts.cols && `${facts.cols}×${facts.rows}`, facts.node].filter(Boolean).join(' · '));
    this.button.setAttribute('aria-label', `Open ${label}`);
  }

  #subscriber(facts, session, nowMs) {
    const who = userInWords(facts.user);
    const age = ageInWords(nowMs - Date.parse(facts.attachedAt));
    setText(this.#cells.name, who);
    setText(this.#cells.detail, manner(facts));
    this.#cells.who.title = [facts.peer, facts.transport, facts.node].filter(Boolean).join(' · ');
    this.#zone(facts.zone, facts.zone);
    setText(this.#cells.unread, `${countInWords(facts.unackedDeliveries)} · ${bytesInWords(facts.unackedBytes)}`);
    setText(this.#cells.behind, behind(facts));
    setText(this.#cells.from, [facts.transport, age].filter(Boolean).join(' · '));
    this.#cells.from.title = `Attached ${facts.attachedAt}, skipped ${bytesInWords(facts.skippedBytes)}`;
    this.button.setAttribute('aria-label', `Disconnect ${who} from ${session}`);
  }

  #zone(zone, text) {
    this.element.dataset.zone = zone;
    setText(this.#cells.zoneText, text);
  }
}

/** Less is the way to the client and back, in milliseconds. */
const UP_TO_DATE_MS = 100;

function behind({ lagMs, lagBytes }) {
  if (lagMs < UP_TO_DATE_MS) {
    return 'up to date';
  }
  return [secondsInWords(lagMs), lagBytes > 0 && bytesInWords(lagBytes)].filter(Boolean).join(' · ');
}

/** "operator · 127.0.0.1:4242", "admin · watches · lossless · …". */
function manner({ role, mode, lag, peer }) {
  const watches = mode === 'read' && role !== 'viewer' && 'watches';
  return [role, watches, lag === 'block' && 'lossless', peer].filter(Boolean).join(' · ');
}
