// What the event loop has to commit and then to tell, in order. One turn's worth as a rule; more when the store can't be written just now.
import type { Effects, SaveEffect, TellEffect } from '../core/effects.ts';

export type Waiting = { readonly resolve: () => void; readonly reject: (error: Error) => void };

/** What a later save of makes an earlier one needless. */
function subject(save: SaveEffect): string {
  switch (save.tag) {
    case 'saveApplication':
    case 'saveAttempt':
      return save.record.id;
    case 'forgetApplication':
      return save.id;
    case 'saveNode':
      return `node ${save.record.id}`;
    case 'forgetNode':
      return `node ${save.id}`;
    case 'saveNodeSize':
      return `size ${save.record.id}`;
    case 'forgetNodeSize':
      return `size ${save.id}`;
    case 'saveApplicationSeq':
      return 'seq';
    case 'saveLabels':
      return 'labels';
    default:
      return save satisfies never;
  }
}

export class HeldBack {
  readonly #saves = new Map<string, SaveEffect>();
  #tells: TellEffect[] = [];
  #waiting: Waiting[] = [];

  add({ saves, tells }: Effects, waiting: readonly Waiting[]): void {
    for (const save of saves) {
      const key = subject(save);
      this.#saves.delete(key); // the later one comes at its own place
      this.#saves.set(key, save);
    }
    this.#tells.push(...tells);
    this.#waiting.push(...waiting);
  }

  saves(): readonly SaveEffect[] {
    return [...this.#saves.values()];
  }

  /** All of it, committed or given up. */
  take(): { readonly tells: readonly TellEffect[]; readonly waiting: readonly Waiting[] } {
    const taken = { tells: this.#tells, waiting: this.#waiting };
    this.#saves.clear();
    this.#tells = [];
    this.#waiting = [];
    return taken;
  }
}
