// Short strings → positions, by open addressing over one typed array. A JavaScript Map reads each candidate's characters, which lie all over the
// heap, to tell strings apart; here those of most words lie in the slot itself, so a look-up waits for one line of memory instead of four
// (slot, key, string, characters). Three quarters of the time of one that keeps positions and hashes alone, at half a million words.

const FIRST_SLOTS = 1024;
/** Int32 words of a slot: position + 1 over the length code (0: free), hash, characters. Two slots are a cache line. */
const WORDS = 8;
const TEXT = 2;
/** Characters that fit into a slot, one byte each. */
const INLINE = (WORDS - TEXT) * 4;
const WIDEST = 0xff;
/** Low bits of a slot's first word: the length of the string in the slot, or that it lies elsewhere. Positions go to 2^27, as arrays of V8 do. */
const CODE_BITS = 5;
const ELSEWHERE = (1 << CODE_BITS) - 1;

/** Longer strings cost more to hash character by character than a Map needs. */
export const LONGEST = 48;

export class StringIndex {
  #slots = new Int32Array(FIRST_SLOTS * WORDS);
  #mask = FIRST_SLOTS - 1;
  #size = 0;
  /** A batch's short strings as slots would have them, with the length code alone in the first word. */
  #batch = new Int32Array(1024 * WORDS);
  /** Only so that the reads of `hashAll` are not optimised away. */
  touched = 0;

  /**
   * Hashes the short strings of [from, to) and touches the slots where they will be looked for: a loop without calls, so that the processor
   * waits for several cache misses at once instead of one after the other. Valid until the next `hashAll`.
   */
  hashAll(batch: ArrayLike<unknown>, from: number, to: number): void {
    if (this.#batch.length < to * WORDS) this.#batch = new Int32Array(to * 2 * WORDS);
    const made = this.#batch;
    const slots = this.#slots;
    const mask = this.#mask;
    let touched = 0;
    for (let i = from; i < to; i++) {
      const key = batch[i];
      if (typeof key !== 'string' || key.length > LONGEST) continue;
      const { length } = key;
      const at = i * WORDS;
      let hash = 0;
      let widest = length <= INLINE ? 0 : WIDEST + 1;
      if (length <= INLINE) {
        for (let w = TEXT; w < WORDS; w++) made[at + w] = 0;
        for (let c = 0; c < length; c++) {
          const code = key.charCodeAt(c);
          widest |= code;
          hash = (Math.imul(hash, 31) + code) | 0;
          made[at + TEXT + (c >> 2)]! |= code << ((c & 3) << 3);
        }
      } else for (let c = 0; c < length; c++) hash = (Math.imul(hash, 31) + key.charCodeAt(c)) | 0;
      made[at] = widest > WIDEST ? ELSEWHERE : length;
      made[at + 1] = hash;
      touched ^= slots[(scattered(hash) & mask) * WORDS]!;
    }
    this.touched = touched;
  }

  /**
   * @param i where the string stands in the batch of `hashAll`
   * @param keys where the strings of earlier positions lie
   * @returns the position of an equal string, or `next` when there is none: then it is noted there
   */
  find(i: number, key: string, keys: readonly unknown[], next: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const made = this.#batch;
    const at = i * WORDS;
    const code = made[at]!;
    const hash = made[at + 1]!;
    let slot = scattered(hash) & mask;
    let s = slot * WORDS;
    while (slots[s] !== 0) {
      if (slots[s + 1] === hash && (slots[s]! & ELSEWHERE) === code) {
        const position = (slots[s]! >>> CODE_BITS) - 1;
        if (code === ELSEWHERE ? keys[position] === key : sameText(slots, s, made, at)) return position;
      }
      slot = (slot + 1) & mask;
      s = slot * WORDS;
    }
    slots[s] = ((next + 1) << CODE_BITS) | code;
    for (let w = 1; w < WORDS; w++) slots[s + w] = made[at + w]!;
    if (++this.#size * 4 > mask * 3) this.#grow();
    return next;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length / WORDS - 1;
    for (let s = 0; s < old.length; s += WORDS) {
      if (old[s] === 0) continue;
      let slot = scattered(old[s + 1]!) & mask;
      while (slots[slot * WORDS] !== 0) slot = (slot + 1) & mask;
      for (let w = 0; w < WORDS; w++) slots[slot * WORDS + w] = old[s + w]!;
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }
}

function sameText(slots: Int32Array, s: number, made: Int32Array, at: number): boolean {
  return (
    slots[s + 2] === made[at + 2] &&
    slots[s + 3] === made[at + 3] &&
    slots[s + 4] === made[at + 4] &&
    slots[s + 5] === made[at + 5] &&
    slots[s + 6] === made[at + 6] &&
    slots[s + 7] === made[at + 7]
  );
}

/** The hash of short strings is poor in its low bits alone. */
const scattered = (hash: number) => {
  const h = Math.imul(hash, 0x9e3779b1);
  return h ^ (h >>> 15);
};
