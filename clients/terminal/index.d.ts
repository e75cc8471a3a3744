import type { HubError, Lag, Session, Warning } from '@termbus/client';

/** Nothing more comes. */
export interface Closed {
  /** `exit`: the program has ended; `failed`: see `error`; else the hub's reason, such as `kicked`. */
  readonly reason: string;
  readonly error?: HubError;
}

export interface TermbusTerminalEvents {
  /** The session's state is drawn. */
  ready: CustomEvent<Session>;
  title: CustomEvent<{ readonly title: string }>;
  /** The hub's flow control has put this terminal into another zone. */
  zone: CustomEvent<Warning>;
  /** With `lag="block"`: the program was held back for too long, and output is skipped from now on. */
  lag: CustomEvent<Lag>;
  exit: CustomEvent<{ readonly code: number; readonly signal?: string }>;
  closed: CustomEvent<Closed>;
}

export interface FindOptions {
  /** The match below the one that is marked, in place of the one above it. */
  below?: boolean;
  caseSensitive?: boolean;
  wholeWord?: boolean;
  regex?: boolean;
}

/** The screen and its scrollback as the hub has them. */
export interface TextSnapshot {
  readonly data: string;
  readonly cols: number;
  readonly rows: number;
  readonly offset: number;
  readonly [further: string]: unknown;
}

/** `<termbus-terminal hub session mode lag font-size theme screen-reader images>` */
export class TermbusTerminal extends HTMLElement {
  /** Of the hub; or a function that is asked each time that a connection is made. Never an attribute. */
  token: string | (() => string | undefined | Promise<string | undefined>) | undefined;

  /** The `Terminal` of xterm.js, for what is not offered here; null while no session is shown. */
  readonly terminal: object | null;

  focus(): void;

  /** Gives the session the size that fits this element. */
  fit(): void;

  /** Marks the newest match in the scrollback, then the one above it, …: whether there is one. An empty text marks none. */
  find(text: string, options?: FindOptions): boolean;

  snapshot(options?: { scrollback?: number }): Promise<TextSnapshot>;

  /** Pastes a text without its control characters; asks first where its lines would be run one by one. */
  paste(text: string): Promise<void>;

  addEventListener<K extends keyof TermbusTerminalEvents>(
    type: K,
    listener: (this: TermbusTerminal, event: TermbusTerminalEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'termbus-terminal': TermbusTerminal;
  }
}
