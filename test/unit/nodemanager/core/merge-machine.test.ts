// One merged file under everything that may happen to it, by seeds: pushes of several attempts of the same map task, failed writes, the service killed
// between any two steps and going on from its journal, an end that comes early or late. What the end reports must be true of the bytes on disk.
import { describe, expect, it } from 'vitest';
import { step } from '../../../../src/common/machine.ts';
import {
  type Merge,
  type MergeEffect,
  type MergeEvent,
  MergedSoFar,
  mergeTable,
  type Verdict,
} from '../../../../src/nodemanager/core/merge-machine.ts';
import { cellsOf } from '../../../../scripts/docs-states.ts';

const CHUNK = 100;

/** mulberry32 */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const cells = new Set<string>();

/** The data file as the map index of each byte, its journal as records, and the core over them. */
class File {
  readonly data: number[] = [];
  readonly journal: { mapIndex: number; bytes: number; endsChunk: boolean }[] = [];
  readonly verdicts = new Map<number, Verdict>();
  state: Merge = { tag: 'IDLE', merged: new MergedSoFar(CHUNK), failures: 0, uncut: true };
  writing: Extract<MergeEffect, { tag: 'write' }> | undefined;
  ends = 0;
  nextToken = 0;

  take(event: MergeEvent): void {
    cells.add(`${this.state.tag}+${event.tag}`);
    const { next, effects } = step(mergeTable, this.state, event);
    this.state = next;
    for (const effect of effects) {
      if (effect.tag === 'write') this.writing = effect;
      else if (effect.tag === 'answer') this.#answered(effect.token, effect.verdict);
      else this.ends++;
    }
  }

  #answered(token: number, verdict: Verdict): void {
    if (this.verdicts.has(token)) expect(`push ${token} is answered twice`).toBe('');
    this.verdicts.set(token, verdict);
  }

  push(mapIndex: number, bytes: number): void {
    this.take({ tag: 'pushed', block: { token: this.nextToken++, mapIndex, bytes, checksum: 0 } });
  }

  /** @param upTo how far the write came: 0 nothing, 1 part of the data, 2 all data and part of the journal, 3 all */
  write(upTo: number): void {
    const { batch, atByte, atBlock, cut } = this.writing!;
    this.writing = undefined;
    if (cut) this.journal.length = atBlock;
    const bytes = batch.flatMap(({ mapIndex, bytes: n }) => new Array<number>(n).fill(mapIndex));
    const partly = upTo === 1 ? bytes.slice(0, Math.ceil(bytes.length / 2)) : upTo === 0 ? [] : bytes;
    for (const [i, value] of partly.entries()) this.data[atByte + i] = value;
    const records = upTo === 3 ? batch : upTo === 2 ? batch.slice(0, Math.floor(batch.length / 2)) : [];
    for (const [i, { mapIndex, bytes: n, endsChunk }] of records.entries()) this.journal[atBlock + i] = { mapIndex, bytes: n, endsChunk };
  }

  /** kill -9, and a service that goes on with what is on disk: nobody hears of what was pushed and not answered. */
  restart(): void {
    const merged = new MergedSoFar(CHUNK);
    for (const record of this.journal) merged.add(record);
    this.state = { tag: 'IDLE', merged, failures: 0, uncut: true };
    this.writing = undefined;
  }

  /** What a reader finds: each map task once, its bytes its own. */
  check(reported: { readonly bytes: number; readonly blocks: number; readonly maps: ReadonlySet<number> }): void {
    let at = 0;
    const seen = new Set<number>();
    for (const { mapIndex, bytes } of this.journal.slice(0, reported.blocks)) {
      if (seen.has(mapIndex)) expect(`map ${mapIndex} twice`).toBe('');
      seen.add(mapIndex);
      for (const end = at + bytes; at < end; at++)
        if (this.data[at] !== mapIndex) expect(`byte ${at} is of map ${this.data[at]}`).toBe(mapIndex);
    }
    expect(at).toBe(reported.bytes);
    expect([...reported.maps].sort()).toEqual([...seen].sort());
  }
}

describe('a merged file', () => {
  it('holds each map task once and all that was answered, whatever happens in between (300 seeds)', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed);
      const pick = (n: number) => Math.floor(random() * n);
      const file = new File();
      const promised = new Set<number>();
      const mapOf = new Map<number, number>();
      let reported: { bytes: number; blocks: number; maps: Set<number> } | undefined;
      for (let turn = 0; turn < 60; turn++) {
        const what = pick(20);
        if (what < 10) {
          const mapIndex = pick(12);
          mapOf.set(file.nextToken, mapIndex);
          file.push(mapIndex, 1 + pick(60));
        } else if (what < 16 && file.writing !== undefined) {
          const well = pick(4) > 0;
          file.write(well ? 3 : pick(3));
          file.take({ tag: well ? 'written' : 'writeFailed' });
        } else if (what === 16) {
          if (file.writing !== undefined && pick(2) === 0) file.write(pick(4));
          file.restart();
        } else if (what === 17 && turn > 20) file.take({ tag: 'finalize' });
        for (const [token, verdict] of file.verdicts) if (verdict === 'merged') promised.add(mapOf.get(token)!);
        const { merged } = file.state;
        if (file.ends > 0 && reported === undefined && file.state.tag === 'FINALIZED')
          reported = { bytes: merged.bytes, blocks: merged.blocks, maps: new Set(merged.maps) };
        file.check(merged);
        for (const mapIndex of promised) if (!merged.maps.has(mapIndex)) expect(`seed ${seed}: map ${mapIndex} is gone`).toBe('');
      }
      if (reported !== undefined) file.check(reported); // whatever came after its end
    }
    expect(cellsOf(mergeTable).filter((cell) => !cells.has(cell))).toEqual([]);
  });

  it('ends a chunk with the block that makes it long enough, and goes on at the same place after a failed write', () => {
    const file = new File();
    file.push(1, 60);
    file.push(2, 60);
    file.push(3, 10);
    file.write(1);
    file.take({ tag: 'writeFailed' });
    expect(file.verdicts).toEqual(new Map([[0, 'failed']]));
    expect(file.writing).toMatchObject({
      atByte: 0,
      atBlock: 0,
      batch: [
        { mapIndex: 2, endsChunk: false },
        { mapIndex: 3, endsChunk: false },
      ],
    });
    file.write(3);
    file.push(1, 60);
    file.take({ tag: 'written' });
    expect(file.writing).toMatchObject({ atByte: 70, atBlock: 2, batch: [{ mapIndex: 1, endsChunk: true }] });
  });

  it('takes nothing after its end, and what is being written then still counts', () => {
    const file = new File();
    file.push(1, 60);
    file.push(2, 60);
    file.take({ tag: 'finalize' });
    file.push(3, 60);
    expect(file.ends).toBe(0);
    file.write(3);
    file.take({ tag: 'written' });
    expect(file.ends).toBe(1);
    expect(file.verdicts).toEqual(
      new Map([
        [1, 'late'],
        [2, 'late'],
        [0, 'merged'],
      ]),
    );
    expect([...file.state.merged.maps]).toEqual([1]);
  });

  it('gives up a disk that fails again and again, and reports what it has', () => {
    const file = new File();
    file.push(0, 5);
    file.write(3);
    file.take({ tag: 'written' });
    for (let i = 1; i <= 4; i++) {
      file.push(i, 5);
      file.take({ tag: 'writeFailed' });
    }
    expect(file.state.tag).toBe('BROKEN');
    file.push(9, 5);
    expect(file.verdicts.get(5)).toBe('failed');
    file.take({ tag: 'finalize' });
    expect([...file.state.merged.maps]).toEqual([0]);
  });
});
