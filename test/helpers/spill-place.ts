// A place to spill to, in a folder of the test, with a fixed number of bytes for each sort, table or buffer; and what was told about spills.
import path from 'node:path';
import { LocalDirs } from '../../src/runtime/shuffle/local-dirs.ts';
import { fixedMemory } from '../../src/runtime/shuffle/memory-share.ts';
import type { SpillPlace } from '../../src/runtime/shuffle/segments.ts';

export type TestPlace = SpillPlace & { readonly told: { memory: number; disk: number; files: number; ended: (() => void)[] } };

let names = 0;

export function spillPlaceIn(folder: string, firstBytes: number, more: Partial<SpillPlace> = {}): TestPlace {
  const told = { memory: 0, disk: 0, files: 0, ended: [] as (() => void)[] };
  return {
    dirs: new LocalDirs([path.join(folder, 'deep')]),
    newName: () => {
      told.files++;
      return `spill${names++}`;
    },
    memory: fixedMemory(0),
    firstBytes,
    handedOnBytes: firstBytes,
    pack: undefined,
    onSpill: (memory, disk) => {
      told.memory += memory;
      told.disk += disk;
    },
    onWrite: () => {},
    atEnd: (discard) => told.ended.push(discard),
    told,
    ...more,
  };
}
