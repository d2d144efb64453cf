// Numbers and texts one after the other in bytes: how sketches of our own form are kept.

export class ByteWriter {
  readonly #parts: number[] = [];
  readonly #view = new DataView(new ArrayBuffer(8));

  #put(size: number): this {
    for (let i = 0; i < size; i++) this.#parts.push(this.#view.getUint8(i));
    return this;
  }
  byte(n: number): this {
    this.#parts.push(n & 255);
    return this;
  }
  int(n: number): this {
    this.#view.setInt32(0, n, true);
    return this.#put(4);
  }
  long(n: bigint): this {
    this.#view.setBigInt64(0, n, true);
    return this.#put(8);
  }
  double(n: number): this {
    this.#view.setFloat64(0, n, true);
    return this.#put(8);
  }
  text(text: string): this {
    const bytes = new TextEncoder().encode(text);
    this.int(bytes.length);
    for (const b of bytes) this.#parts.push(b);
    return this;
  }
  bytes(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}

/** @throws RangeError at the end */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #next(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
  byte(): number {
    return this.#view.getUint8(this.#next(1));
  }
  int(): number {
    return this.#view.getInt32(this.#next(4), true);
  }
  long(): bigint {
    return this.#view.getBigInt64(this.#next(8), true);
  }
  double(): number {
    return this.#view.getFloat64(this.#next(8), true);
  }
  text(): string {
    const size = this.int();
    if (size < 0 || this.#at + size > this.#bytes.length) throw new RangeError('no end of a text');
    const at = this.#next(size);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + size));
  }
  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}

/** @returns undefined: the bytes are not what they are read as */
export function readBytes<T>(bytes: Uint8Array, read: (from: ByteReader) => T | undefined): T | undefined {
  const reader = new ByteReader(bytes);
  try {
    const made = read(reader);
    return reader.isAtEnd() ? made : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
