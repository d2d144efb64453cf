// How many bytes of answers the driver may be putting together at once, whatever their way: in parts on a slot's connection
// (large-answers.ts), or fetched from the executor that keeps them (indirect-results.ts). First come, first served.

/** Of all answers together. A single one that is larger is put together alone. */
export const ANSWERS_AT_ONCE_BYTES = 128 * 1024 * 1024;

type Waiting = { readonly bytes: number; readonly go: () => void };

export class AnswerBudget {
  readonly #limitBytes: number;
  readonly #waiting: Waiting[] = [];
  #held = 0;
  #usedBytes = 0;

  constructor(limitBytes: number = ANSWERS_AT_ONCE_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** @param go is called when it is its turn, if that is later @returns true: it is its turn now. Give back with release(), when its turn has come */
  take(bytes: number, go: () => void): boolean {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#hold(bytes);
      return true;
    }
    this.#waiting.push({ bytes, go });
    return false;
  }

  release(bytes: number): void {
    this.#held--;
    this.#usedBytes -= bytes;
    this.#next();
  }

  /** It does not wait any more. */
  forget(go: () => void): void {
    const at = this.#waiting.findIndex((waiting) => waiting.go === go);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#next();
  }

  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#fits(first.bytes); first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#hold(first.bytes);
      first.go();
    }
  }

  #hold(bytes: number): void {
    this.#held++;
    this.#usedBytes += bytes;
  }

  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#usedBytes + bytes <= this.#limitBytes;
  }
}
