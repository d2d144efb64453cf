// Requests, replies and pushes over one authenticated Channel, by definition (define-rpc.ts). Both ends are alike: each may
// call and serve. Shapes are checked at the door; errors cross as {code, params}. Reconnecting is the caller's business.
//
//   {k:'q', id, m, v, b}  request     {k:'r', id, b}  reply     {k:'e', id, code, params}  error     {k:'p', m, v, b}  push
import { AppError, errorFromWire, errorToWire } from '../common/errors.ts';
import type { Channel } from './channel.ts';
import type { BodyOf, PushDefinition, ReplyOf, RequestOf, RpcDefinition } from './define-rpc.ts';

type Waiting = {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly definition: RpcDefinition;
  readonly timer: NodeJS.Timeout;
};
type Served = { readonly definition: RpcDefinition; readonly handle: (request: never) => unknown };
type Heard = { readonly definition: PushDefinition; readonly handle: (body: never) => void };

export class Peer {
  /** Called once when the connection is gone. */
  onClose: (reason: string) => void = () => {};
  /** Asked before each request is handled; what it throws is the answer. Default: everything is admitted. */
  admit: () => void = () => {};
  /** A push or request that was refused: unknown, of another version, or of the wrong shape. For the log. */
  onFault: (fault: string) => void = () => {};

  readonly channel: Channel;
  /** For error sentences: 'the ResourceManager', 'node n1'. */
  readonly name: string;
  #nextId = 1;
  #held: unknown[] | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #served = new Map<string, Served>();
  readonly #heard = new Map<string, Heard>();

  constructor(channel: Channel, name: string) {
    this.channel = channel;
    this.name = name;
    channel.onControl = (message) => this.#receive(message);
    const ended = (reason: string) => {
      for (const [, waiting] of this.#waiting) {
        clearTimeout(waiting.timer);
        waiting.reject(new AppError('CONNECTION_LOST', { peer: this.name, detail: reason }));
      }
      this.#waiting.clear();
      this.onClose(reason);
    };
    channel.onClose = ended;
    // It may have closed between the proof and now, when nobody listened.
    if (channel.closed) setImmediate(() => ended('closed'));
  }

  get closed(): boolean {
    return this.channel.closed;
  }

  /** The handler may return a value or a promise; what it throws crosses the wire as {code, params}. */
  serve<D extends RpcDefinition<any, any>>(definition: D, handle: (request: RequestOf<D>) => ReplyOf<D> | Promise<ReplyOf<D>>): this {
    this.#served.set(definition.name, { definition, handle: handle as (request: never) => unknown });
    return this;
  }

  on<D extends PushDefinition<any>>(definition: D, handle: (body: BodyOf<D>) => void): this {
    this.#heard.set(definition.name, { definition, handle: handle as (body: never) => void });
    return this;
  }

  /** @throws AppError RPC_TIMEOUT, CONNECTION_LOST, BAD_MESSAGE, or what the handler threw */
  call<D extends RpcDefinition<any, any>>(
    definition: D,
    request: RequestOf<D>,
    timeoutMs: number = definition.timeoutMs,
  ): Promise<ReplyOf<D>> {
    if (this.channel.closed) return Promise.reject(new AppError('CONNECTION_LOST', { peer: this.name, detail: 'closed' }));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new AppError('RPC_TIMEOUT', { message: definition.name, timeoutMs, peer: this.name }));
      }, timeoutMs);
      this.#waiting.set(id, { resolve: resolve as (reply: unknown) => void, reject, definition, timer });
      this.channel.send({ k: 'q', id, m: definition.name, v: definition.version, b: request });
    });
  }

  /** @returns false when the other side is behind (see Channel.drained) */
  push<D extends PushDefinition<any>>(definition: D, body: BodyOf<D>): boolean {
    return this.channel.send({ k: 'p', m: definition.name, v: definition.version, b: body });
  }

  close(): void {
    this.channel.close();
  }

  /**
   * A push in the same chunk as a reply (grants right behind the registration's reply) must find the reply already taken in by
   * the code that awaits it: until the next turn of the event loop only further replies are handled.
   */
  #holdOthers(): void {
    if (this.#held !== undefined) return;
    this.#held = [];
    setImmediate(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const message of held) this.#receive(message);
    });
  }

  #receive(message: unknown): void {
    const m = message as { k?: unknown; id?: unknown; m?: unknown; v?: unknown; b?: unknown; code?: unknown; params?: unknown } | null;
    if (m === null || typeof m !== 'object') return this.channel.destroy('a control frame that is no message');
    if (this.#held !== undefined && (m.k === 'q' || m.k === 'p')) this.#held.push(message);
    else if (m.k === 'q' && typeof m.id === 'number' && typeof m.m === 'string') void this.#answer(m.id, m.m, m.v, m.b);
    else if ((m.k === 'r' || m.k === 'e') && typeof m.id === 'number') this.#settle(m.id, m);
    else if (m.k === 'p' && typeof m.m === 'string') this.#hear(m.m, m.v, m.b);
    else this.channel.destroy('a control frame of unknown kind');
  }

  async #answer(id: number, name: string, version: unknown, body: unknown): Promise<void> {
    try {
      this.admit();
      const served = this.#served.get(name);
      if (served === undefined || served.definition.version !== version)
        throw new AppError('UNKNOWN_MESSAGE', { message: name, version: Number(version) });
      const fault = served.definition.request.check(body, '');
      if (fault !== undefined) throw new AppError('BAD_MESSAGE', { message: name, fault });
      const reply = served.handle(body as never);
      // A handler that answers at once is answered in the same turn of the event loop.
      this.channel.send({ k: 'r', id, b: reply instanceof Promise ? await reply : reply });
    } catch (error) {
      const wire = errorToWire(error);
      if (wire.code === 'INTERNAL' || wire.code === 'BAD_MESSAGE' || wire.code === 'UNKNOWN_MESSAGE')
        this.onFault(`${name}: ${(error as Error).stack ?? error}`);
      this.channel.send({ k: 'e', id, code: wire.code, params: wire.params });
    }
  }

  #settle(id: number, m: { k?: unknown; b?: unknown; code?: unknown; params?: unknown }): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return; // it timed out before
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    this.#holdOthers();
    if (m.k === 'e') return waiting.reject(errorFromWire(String(m.code), m.params));
    const fault = waiting.definition.reply.check(m.b, '');
    if (fault !== undefined) waiting.reject(new AppError('BAD_MESSAGE', { message: `the reply to ${waiting.definition.name}`, fault }));
    else waiting.resolve(m.b);
  }

  #hear(name: string, version: unknown, body: unknown): void {
    const heard = this.#heard.get(name);
    if (heard === undefined || heard.definition.version !== version)
      return this.onFault(`nobody listens to ${name} version ${String(version)}`);
    const fault = heard.definition.body.check(body, '');
    if (fault !== undefined) return this.onFault(`${name}: ${fault}`);
    heard.handle(body as never);
  }
}
