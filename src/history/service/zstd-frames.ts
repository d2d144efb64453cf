// Cuts a stream of zstd frames at their ends. Node's decompressor ends at the first frame of a chunk and drops the rest of it; given chunks
// that end where frames end it goes on with the next one. Only lengths are read here, nothing is unpacked. Source: RFC 8878.

const MAGIC = 0xfd2fb528;
/** 16 magic numbers of frames that carry no data. */
const SKIPPABLE = 0x184d2a50;
const LONGEST_HEADER = 18;

type State = 'start' | 'header' | 'block' | 'pass' | 'unknown';

export class FrameCutter {
  #state: State = 'start';
  readonly #head = Buffer.alloc(LONGEST_HEADER);
  #headBytes = 0;
  /** Bytes until the next thing to look at. */
  #left = 0;
  /** After `left` the frame is over. */
  #isLast = false;
  #hasChecksum = false;

  /** @returns the chunk in pieces: each frame's end is a piece's end */
  cut(chunk: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.#state === 'unknown') break; // the decompressor says what is wrong
      if (this.#state === 'pass') {
        const step = Math.min(this.#left, chunk.length - at);
        at += step;
        this.#left -= step;
        if (this.#left > 0) break;
        if (!this.#isLast) this.#state = 'block';
        else {
          this.#state = 'start';
          pieces.push(chunk.subarray(from, at));
          from = at;
        }
        continue;
      }
      this.#head[this.#headBytes++] = chunk[at++]!;
      this.#look();
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
    return pieces;
  }

  #look(): void {
    const head = this.#head;
    if (this.#state === 'block') {
      if (this.#headBytes < 3) return;
      const header = head.readUIntLE(0, 3);
      const type = (header >>> 1) & 3;
      this.#isLast = (header & 1) === 1;
      // A block of one repeated byte has its length here, and one byte of data.
      this.#pass((type === 1 ? 1 : header >>> 3) + (this.#isLast && this.#hasChecksum ? 4 : 0));
      return;
    }
    if (this.#headBytes < 5) return;
    const magic = head.readUInt32LE(0);
    if ((magic & ~15) >>> 0 === SKIPPABLE) {
      if (this.#headBytes < 8) return;
      this.#isLast = true;
      this.#pass(head.readUInt32LE(4));
    } else if (magic !== MAGIC) this.#state = 'unknown';
    else if (this.#headBytes === headerBytes(head[4]!)) {
      this.#hasChecksum = (head[4]! & 4) !== 0;
      this.#state = 'block';
      this.#headBytes = 0;
    }
  }

  #pass(bytes: number): void {
    this.#state = 'pass';
    this.#left = bytes;
    this.#headBytes = 0;
  }
}

/** With the magic number. @param descriptor first byte after it */
function headerBytes(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  return 5 + (single ? 0 : 1) + dictionary + contentSize;
}

/** For a pipeline: the same bytes, in chunks that end where frames end. */
export async function* cutAtFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const cutter = new FrameCutter();
  for await (const chunk of chunks) yield* cutter.cut(chunk);
}
