/** The hub keeps as many. */
const MAX_MARKS = 1_000;
/** A mark may begin in one delivery and end in the next: one that is longer is not found in the output. */
const TAIL_BYTES = 1_024;
/** Where the output of a command begins: the hub counts from behind the BEL, or before the ESC of an ST. */
const OUTPUT_MARK = /\x1b\](?:133|633);C(?:;[^\x07\x1b]*)?(\x07|\x1b)/g;
const LATIN1 = new TextDecoder('latin1');
const NO_PROMPTS = new Set(['k=s', 'k=c', 'k=r']);

/**
 * The commands of a shell on a terminal, as it marks them (OSC 133 and 633): a sign beside each prompt that says how it
 * ended, and the way from one to the other.
 *
 * A command is {marker, status: undefined while it runs, null where it is not told, id: the hub's or null, offset: of its
 * output, where that is known, or null}. What is no shell's own can make marks as well.
 */
export class CommandMarks {
  #terminal;
  #chosen;
  #commands = [];
  /** Of a prompt that no command has begun at yet. */
  #prompt = null;
  /** The one that was gone to. */
  #at = null;
  /** Deliveries that are not taken in yet, oldest first: {bytes, offset, before, starts} */
  #deliveries = [];
  #tail = new Uint8Array(0);

  /** @param chosen(command, event) hears that somebody wants to do something with one */
  constructor(terminal, chosen) {
    this.#terminal = terminal;
    this.#chosen = chosen;
    for (const number of [133, 633]) {
      terminal.parser.registerOscHandler(number, (data) => this.#marked(data, number));
    }
  }

  /** The one that was gone to, or the newest; undefined: there is none. */
  get current() {
    return this.#at ?? this.#commands.at(-1);
  }

  /** Output is about to be written. @param offset behind it, in all of the session's; undefined: not known */
  coming(bytes, offset) {
    this.#deliveries.push({ bytes, offset, before: this.#tail, starts: null });
    this.#tail = bytes.length < TAIL_BYTES ? join(this.#tail.subarray(-TAIL_BYTES), bytes) : bytes.subarray(-TAIL_BYTES);
  }

  /** The oldest output that was about to be written is. */
  came() {
    this.#deliveries.shift();
  }

  /** Something else takes the place of all that is here. */
  restarts() {
    this.#tail = new Uint8Array(0);
  }

  /** Shows the prompt of the command before the one that was gone to, or behind it; behind the last one the end. */
  go(step) {
    const from = this.#at === null ? this.#commands.length : this.#commands.indexOf(this.#at);
    const at = Math.max(0, from + step);
    this.#goTo(this.#commands[at] ?? null);
  }

  /** Somebody types: that is at the end. */
  typed() {
    this.#setAt(null);
  }

  #goTo(command) {
    this.#setAt(command);
    if (command === null) {
      this.#terminal.scrollToBottom();
    } else {
      this.#terminal.scrollToLine(command.marker.line);
    }
  }

  #setAt(command) {
    const before = this.#at;
    this.#at = command;
    for (const each of [before, command]) {
      this.#dress(each);
    }
  }

  #marked(data, number) {
    if (this.#terminal.buffer.active.type === 'alternate') {
      return true;
    }
    const [kind, ...fields] = data.split(';');
    if (kind === 'A' || (number === 133 && (kind === 'P' || kind === 'N'))) {
      this.#promptCame(fields);
    } else if (kind === 'C') {
      this.#begins(fields);
    } else if (kind === 'D') {
      this.#ends(/^\d{1,9}$/.test(fields[0] ?? '') ? Number(fields[0]) : null);
    }
    return true;
  }

  #promptCame(fields) {
    if (fields.some((field) => NO_PROMPTS.has(field))) {
      return;
    }
    this.#endsUntold();
    this.#prompt?.dispose();
    this.#prompt = this.#terminal.registerMarker(0);
  }

  #begins(fields) {
    this.#endsUntold();
    const offset = this.#outputStart();
    const told = Number(fields.find((field) => field.startsWith('command='))?.slice(8));
    const marker = this.#prompt ?? this.#terminal.registerMarker(0);
    this.#prompt = null;
    const command = { marker, status: undefined, id: offset === null && told > 0 ? told : null, offset };
    this.#commands.push(command);
    marker.onDispose(() => this.#forget(command));
    const decoration = this.#terminal.registerDecoration({ marker, width: 1 });
    decoration?.onRender((element) => {
      command.element = element;
      this.#dress(command);
    });
    if (this.#commands.length > MAX_MARKS) {
      this.#commands[0].marker.dispose();
    }
  }

  /** Of what is told twice the last counts: it is told by who shows the next prompt. */
  #ends(status) {
    const command = this.#commands.at(-1);
    if (command !== undefined && this.#prompt === null) {
      command.status = status;
      this.#dress(command);
    }
  }

  #endsUntold() {
    if (this.#commands.at(-1)?.status === undefined) {
      this.#ends(null);
    }
  }

  #forget(command) {
    this.#commands = this.#commands.filter((each) => each !== command);
    if (this.#at === command) {
      this.#at = null;
    }
  }

  /** Where in the session's output the next mark of its kind is that the terminal takes in. */
  #outputStart() {
    const delivery = this.#deliveries[0];
    if (delivery?.offset === undefined) {
      return null;
    }
    delivery.starts ??= starts(delivery);
    return delivery.starts.shift() ?? null;
  }

  #dress(command) {
    const element = command?.element;
    if (element === undefined) {
      return;
    }
    element.className = `xterm-decoration command-mark ${stateOf(command)}${command === this.#at ? ' current' : ''}`;
    element.setAttribute('role', 'button');
    element.setAttribute('aria-haspopup', 'menu');
    const text = this.#terminal.buffer.normal.getLine(command.marker.line)?.translateToString(true) ?? '';
    element.title = `${text.slice(0, 80)}: ${IN_WORDS[stateOf(command)](command)}`;
    element.setAttribute('aria-label', element.title);
    element.onclick = (event) => this.#chosen(command, event);
  }
}

const IN_WORDS = {
  runs: () => 'runs',
  ended: () => 'has ended',
  succeeded: () => 'status 0',
  failed: ({ status }) => `failed with status ${status}`,
};

function stateOf({ status }) {
  if (status === undefined) {
    return 'runs';
  }
  return status === null ? 'ended' : status === 0 ? 'succeeded' : 'failed';
}

/** Offsets of the beginnings of outputs in a delivery, in order. */
function starts({ bytes, offset, before }) {
  const text = LATIN1.decode(join(before, bytes));
  const found = [];
  for (const match of text.matchAll(OUTPUT_MARK)) {
    const end = match.index + match[0].length;
    if (end > before.length) {
      found.push(offset - (text.length - end) - (match[1] === '\x07' ? 0 : 1));
    }
  }
  return found;
}

function join(first, second) {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
