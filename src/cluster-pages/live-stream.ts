// The pages' live stream, one for each page that is open: server-sent events, at most one look a second for all of them together, none at all while
// nobody listens. A page is sent what has changed since it was last told:
//
//     event: facts    the fields of the daemon's facts (ClusterStrip) that differ; at first all of them
//     event: sample   a new point of the time lines
//     event: change   { "topics": ["apps", "nodes"] }: pages that show these ask again for what they show
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { openStream } from '../status/rest/event-stream.ts';
import { changedFields } from './model/strip.ts';
import type { LiveSource } from './cluster-source.ts';

const PERIOD_MS = 1_000;
/** Looking may take this part of the time: a cluster with 100,000 applications is looked at less often. */
const SHARE = 0.02;
const QUIET_MS = 15_000;
/** Pages that may be open at once; each holds a connection. */
export const MOST_LISTENERS = 500;

type Listener = { readonly raw: ServerResponse; behind: boolean };

export class LiveStream {
  readonly #source: LiveSource;
  readonly #listeners = new Set<Listener>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #facts: object | undefined;
  #versions: Readonly<Record<string, number>> = {};
  #quietMs = 0;

  constructor(source: LiveSource) {
    this.#source = source;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Answers a request with the stream; it ends with the connection. @returns false when there are too many */
  open(reply: FastifyReply): boolean {
    if (this.#listeners.size >= MOST_LISTENERS) return false;
    const raw = openStream(reply);
    const listener: Listener = { raw, behind: false };
    const end = (): void => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
    raw.on('close', end);
    raw.on('error', end);
    if (this.#listeners.size === 0) this.#look();
    raw.write(`retry: 3000\n${message('facts', this.#facts ?? {})}`);
    this.#listeners.add(listener);
    this.#timer ??= this.#again(PERIOD_MS);
    return true;
  }

  /** To all who listen. */
  send(event: string, data: object): void {
    for (const listener of this.#listeners) this.#write(listener, message(event, data));
  }

  close(): void {
    this.#rest();
    for (const { raw } of this.#listeners) raw.end();
    this.#listeners.clear();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#facts = undefined;
  }

  #again(afterMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#tick(afterMs), afterMs).unref();
  }

  #tick(waitedMs: number): void {
    if (this.#source.isOver?.()) return this.close();
    const begun = performance.now();
    const text = this.#look();
    this.#quietMs = text === '' ? this.#quietMs + waitedMs : 0;
    for (const listener of this.#listeners) {
      if (text !== '') this.#write(listener, text);
      else if (this.#quietMs >= QUIET_MS) this.#write(listener, ':\n\n');
    }
    if (this.#quietMs >= QUIET_MS) this.#quietMs = 0;
    if (this.#listeners.size > 0) this.#timer = this.#again(Math.max(PERIOD_MS, (performance.now() - begun) / SHARE));
  }

  /** @returns what is new since the last look */
  #look(): string {
    const facts = this.#source.facts();
    const versions = this.#source.versions();
    const changed = changedFields(this.#facts, facts);
    const topics = Object.keys(versions).filter((topic) => versions[topic] !== this.#versions[topic]);
    const first = this.#facts === undefined;
    this.#facts = facts;
    this.#versions = versions;
    if (first) return '';
    return (changed === undefined ? '' : message('facts', changed)) + (topics.length === 0 ? '' : message('change', { topics }));
  }

  /** A reader that does not read is told less: nothing until its connection has room, then everything anew. */
  #write(listener: Listener, text: string): void {
    const { raw } = listener;
    if (raw.writableNeedDrain) {
      listener.behind = true;
      return;
    }
    if (listener.behind) {
      listener.behind = false;
      raw.write(message('facts', this.#facts ?? {}) + message('change', { topics: Object.keys(this.#versions) }));
      return;
    }
    raw.write(text);
  }
}

const message = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
