import { Throughput } from './throughput.js';
import { sessionLabel, userInWords } from './words.js';

export const ZONES = ['green', 'yellow', 'red'];
/** A subscriber that is so late counts as behind, in milliseconds. */
const BEHIND_MS = 1_000;

/** The data of the flow board: sessions, their subscribers, and their throughput in the last minute. No DOM. */
export class FlowBoardModel {
  #sessions = new Map();
  #subscribers = new Map();
  #total = 0;
  #delivered = 0;
  #throughput = new Throughput();

  /** A listing of the hub's subscribers, and its sessions. */
  update({ subscribers, total }, sessions, nowMs) {
    this.#sessions = merged(this.#sessions, sessions, (each) => each.id, nowMs, (each) => each.outputBytes ?? 0);
    const before = this.#subscribers;
    this.#subscribers = merged(before, subscribers, (each) => each.subscriber, nowMs, (each) => each.deliveredBytes);
    for (const [id, { facts }] of this.#subscribers) {
      const known = before.get(id);
      this.#delivered += known ? Math.max(0, facts.deliveredBytes - known.facts.deliveredBytes) : 0;
    }
    this.#throughput.note(this.#delivered, nowMs);
    this.#total = total ?? subscribers.length;
  }

  /** A published warning: fresher than the last listing. → {subscriber, session} as words for it. */
  warning(body) {
    const known = this.#subscribers.get(body.subscriber);
    const who = {
      user: known ? userInWords(known.facts.user) : 'a subscriber',
      session: this.#label(body.session),
    };
    if (known && body.event === 'disconnected') {
      this.#subscribers.delete(body.subscriber);
      this.#total--;
    } else if (known) {
      const { level, queueSize, queueBytes } = body;
      Object.assign(known.facts, { zone: level, unackedDeliveries: queueSize, unackedBytes: queueBytes });
    }
    return who;
  }

  subscriber(id) {
    return this.#subscribers.get(id)?.facts;
  }

  #label(session) {
    const known = this.#sessions.get(session);
    return known ? sessionLabel(known.facts) : session;
  }

  /** {sessions, total, listed, green, yellow, red, throughput} */
  get summary() {
    const counts = { green: 0, yellow: 0, red: 0 };
    for (const { facts } of this.#subscribers.values()) {
      counts[facts.zone]++;
    }
    const listed = this.#subscribers.size;
    return { sessions: this.#sessions.size, total: this.#total, listed, ...counts, throughput: this.#throughput };
  }

  /**
   * Rows from top to bottom, in an order that only changes when somebody comes or goes: each session, then
   * its subscribers, {key, kind, facts, throughput, label}; a session's row also has `worst` and `count`.
   *
   * @param text part of a name of a session or user; empty: all
   * @param behindOnly only subscribers that are not green, or late
   */
  rows({ text = '', behindOnly = false } = {}) {
    const wanted = text.trim().toLowerCase();
    return this.#groups().flatMap(({ session, members }) => {
      const label = session.label;
      const found = (name) => name.toLowerCase().includes(wanted);
      const shown = members.filter(
        ({ facts }) => (!behindOnly || isBehind(facts)) && found(`${label} ${userInWords(facts.user)}`),
      );
      const itself = !behindOnly && found(label);
      return shown.length > 0 || itself ? [session, ...shown] : [];
    });
  }

  #groups() {
    const groups = new Map();
    const sessions = [...this.#sessions.values()].sort(
      (a, b) => Date.parse(a.facts.createdAt) - Date.parse(b.facts.createdAt) || compare(a.facts.id, b.facts.id),
    );
    for (const { facts, throughput } of sessions) {
      groups.set(facts.id, newGroup(facts, throughput));
    }
    for (const { facts, throughput } of this.#subscribers.values()) {
      if (!groups.has(facts.session)) {
        groups.set(facts.session, newGroup({ id: facts.session, name: facts.session }, new Throughput()));
      }
      const { session, members } = groups.get(facts.session);
      members.push({ key: facts.subscriber, kind: 'subscriber', facts, throughput, label: session.label });
      session.count++;
      session.worst = ZONES[Math.max(ZONES.indexOf(session.worst), ZONES.indexOf(facts.zone))];
    }
    for (const { members } of groups.values()) {
      members.sort((a, b) => compare(a.facts.attachedAt, b.facts.attachedAt) || compare(a.key, b.key));
    }
    return [...groups.values()];
  }
}

function newGroup(facts, throughput) {
  const label = sessionLabel(facts);
  const session = { key: facts.id, kind: 'session', facts, throughput, label, count: 0, worst: 'green' };
  return { session, members: [] };
}

const isBehind = ({ zone, lagMs }) => zone !== 'green' || lagMs >= BEHIND_MS;

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The new facts with the throughput that was noted so far; who is gone is forgotten. */
function merged(before, listed, idOf, nowMs, bytesOf) {
  return new Map(
    listed.map((facts) => {
      const id = idOf(facts);
      const throughput = before.get(id)?.throughput ?? new Throughput();
      throughput.note(bytesOf(facts), nowMs);
      return [id, { facts, throughput }];
    }),
  );
}
