// Length-prefixed frames over a byte stream; one writer that gathers what one turn of the event loop produced.
//
//   frame := u32le bodyLength | u8 kind | body       kind 0: control (one msgpack value) · kind 1: binary (caller's layout)
//
// It knows nothing of requests (peer.ts) or identity (auth.ts). Figures behind the design: docs/adr/0003.
// Source of the batching rule: measured, 3.7 times more messages of 100 B a second than one write each.
import type { Duplex } from 'node:stream';
import { Packr } from 'msgpackr';

const HEAD = 5;
const GATHER_BYTES = 64 * 1024;
/** Bodies from here on go to the kernel uncopied. */
const COPY_LIMIT = 16 * 1024;
/** `pack(value, RESERVE + n)` of msgpackr leaves n bytes free in front; the header is written there. */
const RESERVE_START_SPACE = 2048;
const CONTROL = 0;
const BINARY = 1;

export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/**
 * From whoever is not of the cluster itself: users, and drivers, which are their programs. A frame of 60 MB of nothing but empty lists is two
 * gigabytes of objects, and the end of the process that unpacks it.
 */
export const MAX_USER_FRAME_BYTES = 4 * 1024 * 1024;
/** Before a peer has proved who it is. */
export const MAX_UNPROVEN_FRAME_BYTES = 64 * 1024;
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
/** A control peer that lets this much pile up is dropped: it has stopped reading. */
const HARD_LIMIT_BYTES = 256 * 1024 * 1024;

// useRecords:false: the decoder never compiles readers from names that a peer chose.
const codec = new Packr({ useRecords: false, moreTypes: false, bundleStrings: false });

export class Channel {
  onControl: (message: unknown) => void = () => {};
  onBinary: (body: Buffer) => void = () => {};
  /** Called once, whatever ended it. */
  onClose: (reason: string) => void = () => {};

  readonly stream: Duplex;
  maxFrameBytes: number;
  /** The secret that the other side has proved to know (auth.ts); undefined before, and on the side that connected. */
  provenWith: string | undefined;
  /** While true (before the proof of identity) a control frame drops the peer undecoded: auth.ts speaks in binary frames only. */
  binaryOnly = false;
  #out = Buffer.allocUnsafeSlow(GATHER_BYTES);
  #used = 0;
  #scheduled = false;
  #waiters: (() => void)[] = [];
  #closed: string | undefined;
  readonly #head = Buffer.allocUnsafe(HEAD);
  #headUsed = 0;
  #body: Buffer | undefined;
  #bodyUsed = 0;
  #kind = CONTROL;
  #held: { kind: number; body: Buffer }[] | undefined;

  constructor(stream: Duplex, maxFrameBytes = MAX_FRAME_BYTES) {
    this.stream = stream;
    this.maxFrameBytes = maxFrameBytes;
    if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true);
    stream.on('data', (chunk: Buffer) => this.#feed(chunk));
    stream.on('drain', () => this.#wake());
    stream.on('end', () => this.#ended('closed by the other side'));
    stream.on('close', () => this.#ended('closed'));
    stream.on('error', (error: Error) => this.#ended(error.message));
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Bytes that were sent and not yet taken by the kernel. */
  get pendingBytes(): number {
    return this.stream.writableLength + this.#used;
  }

  /** @returns false above the high-water mark: bulk senders then await drained() */
  send(message: unknown): boolean {
    if (this.#closed !== undefined) return false;
    const frame = (codec.pack as (v: unknown, options: number) => Buffer)(message, RESERVE_START_SPACE + HEAD);
    frame.writeUInt32LE(frame.length - HEAD, 0);
    frame[4] = CONTROL;
    this.#push(frame);
    return this.pendingBytes < HIGH_WATER_BYTES;
  }

  /** The body must not be changed after this call. @returns false above the high-water mark */
  sendBinary(body: Uint8Array): boolean {
    if (this.#closed !== undefined) return false;
    if (this.#used + HEAD > GATHER_BYTES) this.flush();
    this.#out.writeUInt32LE(body.length, this.#used);
    this.#out[this.#used + 4] = BINARY;
    this.#used += HEAD;
    this.#schedule();
    this.#push(body);
    return this.pendingBytes < HIGH_WATER_BYTES;
  }

  /** Resolves when the kernel has taken enough for more to be sent, or the channel is closed. */
  drained(): Promise<void> {
    if (this.pendingBytes < HIGH_WATER_BYTES || this.#closed !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Stop reading while the consumer is behind; the peer then feels it as back-pressure. */
  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  /**
   * Keeps frames that arrive from now on until the next turn of the event loop. Used where a promise was just resolved (a proof of
   * identity, a reply): what follows in the same chunk must not be handled before the code that awaits that promise has run.
   */
  holdForATurn(): void {
    if (this.#held !== undefined) return;
    this.#held = [];
    setImmediate(() => {
      const held = this.#held ?? [];
      const kindInProgress = this.#kind; // of a frame whose body has not fully come yet
      this.#held = undefined;
      for (const { kind, body } of held) {
        this.#kind = kind;
        if (this.#closed === undefined) this.#emit(body);
      }
      this.#kind = kindInProgress;
    });
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#used === 0) return;
    const large = this.#used > 8192;
    const chunk = large ? this.#out.subarray(0, this.#used) : Buffer.from(this.#out.subarray(0, this.#used));
    if (large) this.#out = Buffer.allocUnsafeSlow(GATHER_BYTES);
    this.#used = 0;
    this.stream.write(chunk);
    this.#dropIfStuck();
  }

  /** Sends what is gathered, then ends the stream. */
  close(): void {
    if (this.#closed !== undefined) return;
    this.flush();
    this.stream.end();
  }

  /** Ends at once, unsent bytes are lost. */
  destroy(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#ended(reason);
    this.stream.destroy();
  }

  #push(body: Uint8Array): void {
    if (body.length > COPY_LIMIT) {
      this.stream.cork();
      this.flush();
      this.stream.write(body);
      this.stream.uncork();
      this.#dropIfStuck();
      return;
    }
    if (this.#used + body.length > GATHER_BYTES) this.flush();
    this.#out.set(body, this.#used);
    this.#used += body.length;
    this.#schedule();
  }

  /** Small messages count too: pushes to a peer that was stopped would pile up without end. */
  #dropIfStuck(): void {
    if (this.stream.writableLength > HARD_LIMIT_BYTES)
      this.destroy(`the other side does not read: ${this.stream.writableLength} bytes wait`);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => this.flush());
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    if (this.pendingBytes >= HIGH_WATER_BYTES && this.#closed === undefined) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #ended(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#wake();
    this.stream.destroy();
    this.onClose(reason);
  }

  #feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#closed === undefined) {
      if (this.#body === undefined && this.#headUsed === 0 && chunk.length - at >= HEAD) {
        const length = chunk.readUInt32LE(at);
        if (!this.#begin(length, chunk[at + 4]!)) return;
        at += HEAD;
        if (chunk.length - at >= length) {
          this.#emit(chunk.subarray(at, at + length));
          at += length;
        } else {
          this.#body = Buffer.allocUnsafe(length);
        }
      } else if (this.#body === undefined) {
        const n = Math.min(HEAD - this.#headUsed, chunk.length - at);
        chunk.copy(this.#head, this.#headUsed, at, at + n);
        this.#headUsed += n;
        at += n;
        if (this.#headUsed < HEAD) return;
        this.#headUsed = 0;
        const length = this.#head.readUInt32LE(0);
        if (!this.#begin(length, this.#head[4]!)) return;
        if (length === 0) this.#emit(Buffer.alloc(0));
        else this.#body = Buffer.allocUnsafe(length);
      } else {
        const n = Math.min(this.#body.length - this.#bodyUsed, chunk.length - at);
        chunk.copy(this.#body, this.#bodyUsed, at, at + n);
        this.#bodyUsed += n;
        at += n;
        if (this.#bodyUsed < this.#body.length) return;
        const body = this.#body;
        this.#body = undefined;
        this.#emit(body);
      }
    }
  }

  /** Bounds are checked before anything is allocated. */
  #begin(length: number, kind: number): boolean {
    if (length > this.maxFrameBytes) {
      this.destroy(`a frame of ${length} bytes; at most ${this.maxFrameBytes} are taken`);
      return false;
    }
    if (kind !== CONTROL && kind !== BINARY) {
      this.destroy(`a frame of unknown kind ${kind}`);
      return false;
    }
    this.#kind = kind;
    this.#bodyUsed = 0;
    return true;
  }

  #emit(body: Buffer): void {
    if (this.#held !== undefined) {
      this.#held.push({ kind: this.#kind, body: Buffer.from(body) });
      return;
    }
    if (this.#kind === BINARY) {
      this.onBinary(body);
      return;
    }
    if (this.binaryOnly) return this.destroy('a control frame before the proof of identity');
    let message: unknown;
    try {
      message = codec.unpack(body);
    } catch (error) {
      this.destroy(`a frame that is not msgpack: ${(error as Error).message}`);
      return;
    }
    this.onControl(message);
  }
}
