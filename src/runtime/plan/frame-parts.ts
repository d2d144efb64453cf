// A launch or status frame that is larger than the wire takes at once, as parts, and whole again at the other end: the result of a task,
// or the rows of a partition that travels with its task, may be larger than a frame of the channel. What the frames mean: task-frames.ts.
//
//   part (both ways)   u32 op=3 | u32 stageKey | u32 count | u32 totalBytes | u32 offset | bytes      stageKey, count: of the whole frame

/** A frame up to this size goes as it is; parts have at most so many bytes: what the driver reads of every slot at once, whatever its budget. */
export const PART_BYTES = 4 * 1024 * 1024;
export const OP_PART = 3;
const HEAD = 20;
const KEY_AT = 4;
const COUNT_AT = 8;
const TOTAL_AT = 12;
const OFFSET_AT = 16;
/** What totalBytes can say. */
export const MOST_FRAME_BYTES = 0xffff_ffff;

/** The frame itself when it is small enough. Parts are made one at a time: a sender waits between them until the other side has read. */
export function* partsOf(frame: Buffer): Generator<Buffer> {
  if (frame.length <= PART_BYTES) {
    yield frame;
    return;
  }
  if (frame.length > MOST_FRAME_BYTES) throw new RangeError(`a frame of ${frame.length} bytes`);
  for (let offset = 0; offset < frame.length; offset += PART_BYTES) {
    const bytes = frame.subarray(offset, offset + PART_BYTES);
    const part = Buffer.allocUnsafe(HEAD + bytes.length);
    part.writeUInt32LE(OP_PART, 0);
    part.writeUInt32LE(frame.readUInt32LE(KEY_AT), KEY_AT);
    part.writeUInt32LE(frame.readUInt32LE(COUNT_AT), COUNT_AT);
    part.writeUInt32LE(frame.length, TOTAL_AT);
    part.writeUInt32LE(offset, OFFSET_AT);
    part.set(bytes, HEAD);
    yield part;
  }
}

/** `whole`: the last part has come. `tooLarge`: told with the first part; nothing of it is kept, `last` is its last part. */
export type Joined =
  | { readonly tag: 'more' }
  | { readonly tag: 'whole'; readonly frame: Buffer }
  | { readonly tag: 'tooLarge'; readonly stageKey: number; readonly count: number; readonly totalBytes: number; readonly last: boolean };

/** What a part says of the whole frame. */
export type PartHead = { readonly stageKey: number; readonly count: number; readonly totalBytes: number };

/** @returns undefined: this is not the first part of a frame */
export function firstPart(part: Buffer): PartHead | undefined {
  if (part.length < HEAD || part.readUInt32LE(OFFSET_AT) !== 0) return undefined;
  return { stageKey: part.readUInt32LE(KEY_AT), count: part.readUInt32LE(COUNT_AT), totalBytes: part.readUInt32LE(TOTAL_AT) };
}

export class PartJoiner {
  readonly #limitBytes: number;
  #frame: Buffer | undefined;
  #total = 0;
  #got = 0;

  /** @param limitBytes nothing larger is allocated */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * @param keep false with the first part: nothing of this frame is kept
   * @throws RangeError for a part that does not follow the one before
   */
  add(part: Buffer, keep = true): Joined {
    const total = part.length < HEAD ? -1 : part.readUInt32LE(TOTAL_AT);
    const bytes = part.length - HEAD;
    const began = this.#got > 0;
    if (bytes <= 0 || part.readUInt32LE(OFFSET_AT) !== this.#got || (began && total !== this.#total) || this.#got + bytes > total)
      throw new RangeError('a part of a frame that does not follow the one before');
    this.#total = total;
    if (!began && keep && total <= this.#limitBytes) this.#frame = Buffer.allocUnsafe(total);
    this.#frame?.set(part.subarray(HEAD), this.#got);
    this.#got += bytes;
    const last = this.#got === total;
    const frame = this.#frame;
    if (last) this.#reset();
    if (frame === undefined)
      return { tag: 'tooLarge', stageKey: part.readUInt32LE(KEY_AT), count: part.readUInt32LE(COUNT_AT), totalBytes: total, last };
    return last ? { tag: 'whole', frame } : { tag: 'more' };
  }

  #reset(): void {
    this.#frame = undefined;
    this.#got = 0;
    this.#total = 0;
  }
}
