/** A hub refuses, with the code that docs/protocol.md tells; with code 0 no answer came, and what was asked for may have been done. */
export class HubError extends Error {
  readonly code: number;
  /** Whether a later attempt may do better, with the same question. */
  readonly transient: boolean;
  /** Whether what was asked for may have been done all the same. */
  readonly uncertain: boolean;
}

/** The hub has ended the subscription. */
export class Disconnected extends HubError {
  /** The protocol's: `kicked`, `stalled`, `red_zone`, … */
  readonly reason: string;
}

/** Bytes of the session, which follow those of the delivery before without a gap. */
export interface Output {
  readonly kind: 'output';
  readonly data: Uint8Array;
  /** Bytes of the session's output up to the end of these. */
  readonly offset: number;
}

/** The state of the terminal: reset yours, give it this size, and write `data` to it. */
export interface Snapshot {
  readonly kind: 'snapshot';
  readonly data: Uint8Array;
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
}

/** The terminal has this size from here on. */
export interface Resize {
  readonly kind: 'resize';
  readonly cols: number;
  readonly rows: number;
}

export type ZoneLevel = 'green' | 'yellow' | 'red';

/** This subscriber's zone has changed, by how much it has not acked. */
export interface Warning {
  readonly kind: 'warning';
  readonly session: string;
  readonly subscriber: string;
  readonly level: ZoneLevel;
  readonly previous: ZoneLevel;
  /** Unacked deliveries. */
  readonly queueSize: number;
  /** Unacked bytes. */
  readonly queueBytes: number;
}

/** With `lag: 'block'`: the program was held back for too long, and output is skipped from now on. */
export interface Lag {
  readonly kind: 'lag';
  readonly lag: 'skip';
  readonly previous: 'block';
  readonly heldMs: number;
}

/** A command of the session's shell, as docs/protocol.md, section 7 has it. */
export interface Command {
  readonly id: number;
  readonly line?: string;
  readonly cwd: string;
  readonly start: number;
  readonly outputFrom: number;
  readonly outputTo?: number;
  readonly exitCode?: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly trusted: boolean;
}

/** A command has begun or ended. Where they come too fast some are passed over. */
export interface CommandNotice {
  readonly kind: 'command';
  readonly event: 'command.started' | 'command.finished';
  readonly command: Command;
}

/** Who drives the session, so that others may not type. */
export interface Lease {
  readonly holder: string;
  readonly connection: string;
  readonly expiresAt: string;
  /** For how long it still held when this was told; not in listings. */
  readonly leftMs?: number;
  readonly note?: string;
}

/** Who drives from now on: without `lease` nobody. */
export interface LeaseNotice {
  readonly kind: 'lease';
  readonly lease?: Lease;
  /** Whose has ended. */
  readonly was?: Lease;
  readonly reason?: 'released' | 'expired' | 'taken';
}

/** The program has ended, and all its output has come. */
export interface Exit {
  readonly kind: 'exit';
  /** 128 and the number of the signal where one ended it. */
  readonly code: number;
  readonly signal?: string;
}

export type Delivery = Output | Snapshot | Resize | Warning | Lag | CommandNotice | LeaseNotice | Exit;

/** As docs/protocol.md, section 6 has it; later hubs tell more. */
export interface Session {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  readonly pty: string;
  readonly node: string;
  readonly cols: number;
  readonly rows: number;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly createdAt: string;
  readonly state: 'running' | 'exited';
  readonly exit?: { readonly code: number; readonly signal?: string };
  readonly title: string;
  readonly subscribers: number;
  readonly outputBytes: number;
  readonly lease?: Lease;
  readonly [further: string]: unknown;
}

/** Of `create` in docs/protocol.md. */
export interface CreateOptions {
  command?: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  cols?: number;
  rows?: number;
  name?: string;
  initialCommands?: readonly string[];
  [further: string]: unknown;
}

/** Of `attach` in docs/protocol.md. */
export interface AttachOptions {
  mode?: 'write' | 'read';
  /** Who falls far behind gets a snapshot in place of what it missed (`skip`), or the program waits (`block`). */
  lag?: 'skip' | 'block';
  /** Lines of scrollback in snapshots. */
  scrollback?: number;
  /** Goes on from this `offset`. */
  from?: number;
  first?: 'snapshot' | 'output';
  /** `manual`: `consumed` says what may be acked; by default a delivery is acked when the next one is asked for. */
  acks?: 'manual';
  /** Called each time that the hub has attached this subscription. */
  onAttached?: (session: Session) => void;
  /** Called when the connection was lost, before another one is tried. */
  onLost?: (error: HubError) => void;
  [further: string]: unknown;
}

export interface ConnectOptions {
  /** Where the web app is, such as `http://127.0.0.1:8080`; in a page that of the page, if left out. */
  url?: string | URL;
  token?: string;
  /** Asked each time that a connection is made. */
  getToken?: () => string | undefined | Promise<string | undefined>;
  /** A subscription tries for so long to come back after its connection was lost (60,000). */
  retryMs?: number;
  /** In place of the global one: for Node 20 that of the package `ws`. */
  WebSocket?: unknown;
}

/** Connects and logs in. Rejects with a HubError: 401 for a wrong token, 0 where no hub is there. */
export function connect(options?: ConnectOptions): Promise<Hub>;

/** A hub that is logged in to. A connection that is lost is made anew by whoever needs it next: a request tries once. */
export class Hub {
  private constructor();

  /** All sessions that this login may see, the oldest first, exited ones included until they are forgotten. */
  sessions(): Promise<Session[]>;

  create(options?: CreateOptions): Promise<Session>;

  /** Types; done when the hub has all of it. */
  input(session: string, data: string | Uint8Array): Promise<void>;

  /**
   * What a session puts out, until its `exit`, which is the last. A delivery is acked when the next one is asked for. When the
   * connection is lost it goes on at the end of what was handed out: no byte comes twice, and none is missing where the hub
   * still holds it; else a snapshot comes. Leaving the loop, also by a throw, ends the subscription and nothing else.
   */
  attach(session: string, options?: AttachOptions): AsyncIterableIterator<Delivery> & {
    /** Ends the subscription, also while a delivery is waited for. */
    return(): Promise<IteratorResult<Delivery, undefined>>;
    /** With manual acks: this delivery is consumed, and all before it. */
    consumed(delivery: Delivery): void;
  };

  /** Any action of docs/protocol.md. Never sent twice. */
  request(address: string, action: string, body?: object): Promise<any>;

  /** Ends the connection and all subscriptions, which reject with code 0 where they are waited for; sessions stay. */
  close(): void;
}
