// One merged file, of one reduce partition of one shuffle: which pushed blocks are appended, in which order, and when it ends. Each map task is in it
// once, whichever of its attempts comes first; one batch is written at a time, and what comes meanwhile is the next. A block counts when its bytes and
// its index record are written: a failed write leaves nothing that counts, the next one goes to the same place. Writing is service/merge-file.ts.
// Source: AppShufflePartitionInfo and PushBlockStreamCallback of Spark's RemoteBlockPushResolver.
import { ignore, move, type Step, type Table } from '../../common/machine.ts';

/** token: the service's own, of one push. */
export type PushedBlock = { readonly token: number; readonly mapIndex: number; readonly bytes: number; readonly checksum: number };
export type Verdict = 'merged' | 'late' | 'failed';
type Written = PushedBlock & { readonly endsChunk: boolean };

/** What counts of the file. It grows; nothing of it changes. */
export class MergedSoFar {
  readonly chunkBytes: number;
  readonly maps = new Set<number>();
  bytes = 0;
  blocks = 0;
  /** Of the chunk that has not ended. */
  openBytes = 0;

  /** @param chunkBytes a chunk ends with the block that makes it so long */
  constructor(chunkBytes: number) {
    this.chunkBytes = chunkBytes;
  }

  add({ mapIndex, bytes, endsChunk }: { readonly mapIndex: number; readonly bytes: number; readonly endsChunk: boolean }): void {
    this.maps.add(mapIndex);
    this.bytes += bytes;
    this.blocks++;
    this.openBytes = endsChunk ? 0 : this.openBytes + bytes;
  }
}

type Facts = {
  readonly merged: MergedSoFar;
  readonly failures: number;
  /** The index may have records behind those that count, of a write that failed or a service that was killed: cut before bytes are written over. */
  readonly uncut: boolean;
};
export type Merge =
  | (Facts & { readonly tag: 'IDLE' })
  | (Facts & { readonly tag: 'WRITING'; readonly batch: readonly Written[]; readonly queue: PushedBlock[] })
  /** The driver has ended it; a batch is being written. */
  | (Facts & { readonly tag: 'CLOSING'; readonly batch: readonly Written[] })
  /** Its disk fails again and again: what it has counts. */
  | (Facts & { readonly tag: 'BROKEN' })
  | (Facts & { readonly tag: 'FINALIZED' });

export type MergeEvent =
  | { readonly tag: 'pushed'; readonly block: PushedBlock }
  /** The batch, with its index records. */
  | { readonly tag: 'written' }
  | { readonly tag: 'writeFailed' }
  | { readonly tag: 'finalize' };

export type MergeEffect =
  | { readonly tag: 'write'; readonly batch: readonly Written[]; readonly atByte: number; readonly atBlock: number; readonly cut: boolean }
  | { readonly tag: 'answer'; readonly token: number; readonly verdict: Verdict }
  /** To whoever waits for the end. */
  | { readonly tag: 'tellFinalized' };

/** Failed writes after which nothing more is taken. Spark: spark.shuffle.push.server.ioExceptionsThresholdDuringMerge. */
const MOST_FAILURES = 4;
/** Of one write. */
const BATCH_BYTES = 8 * 1024 * 1024;

const answer =
  (verdict: Verdict) =>
  (block: PushedBlock): MergeEffect => ({ tag: 'answer', token: block.token, verdict });
const facts = ({ merged, failures, uncut }: Facts): Facts => ({ merged, failures, uncut });

/** The next batch of what waits: each map task once. What is merged by now is answered; what another of the batch may make needless waits on. */
function goOn(
  { merged, failures, uncut }: Facts,
  queue: readonly PushedBlock[],
  effects: readonly MergeEffect[],
): Step<Merge, MergeEffect> {
  const needless = queue.filter(({ mapIndex }) => merged.maps.has(mapIndex));
  const batch: Written[] = [];
  const rest: PushedBlock[] = [];
  const maps = new Set<number>();
  let bytes = 0;
  let { openBytes } = merged;
  for (const block of queue) {
    if (merged.maps.has(block.mapIndex)) continue;
    if (maps.has(block.mapIndex) || (bytes > 0 && bytes + block.bytes > BATCH_BYTES)) {
      rest.push(block);
      continue;
    }
    maps.add(block.mapIndex);
    bytes += block.bytes;
    openBytes += block.bytes;
    const endsChunk = openBytes >= merged.chunkBytes;
    if (endsChunk) openBytes = 0;
    batch.push({ ...block, endsChunk });
  }
  const told = [...effects, ...needless.map(answer('merged'))];
  if (batch.length === 0) return move({ tag: 'IDLE', merged, failures, uncut }, ...told);
  const write: MergeEffect = { tag: 'write', batch, atByte: merged.bytes, atBlock: merged.blocks, cut: uncut };
  return move({ tag: 'WRITING', merged, failures, uncut, batch, queue: rest }, ...told, write);
}

function count(merged: MergedSoFar, batch: readonly Written[]): MergeEffect[] {
  for (const block of batch) merged.add(block);
  return batch.map(answer('merged'));
}

export const mergeTable: Table<Merge, MergeEvent, MergeEffect> = {
  IDLE: {
    pushed: { to: ['IDLE', 'WRITING'], run: (m, { block }) => goOn(m, [block], []) },
    finalize: { to: ['FINALIZED'], run: (m) => move({ tag: 'FINALIZED', ...facts(m) }, { tag: 'tellFinalized' }) },
  },
  WRITING: {
    pushed: {
      to: ['WRITING'],
      run: (m, { block }) => {
        m.queue.push(block);
        return move(m);
      },
    },
    written: { to: ['IDLE', 'WRITING'], run: (m) => goOn({ ...facts(m), uncut: false }, m.queue, count(m.merged, m.batch)) },
    writeFailed: {
      to: ['IDLE', 'WRITING', 'BROKEN'],
      run: (m) => {
        const failures = m.failures + 1;
        const told = m.batch.map(answer('failed'));
        const left: Facts = { merged: m.merged, failures, uncut: true };
        if (failures < MOST_FAILURES) return goOn(left, m.queue, told);
        return move({ tag: 'BROKEN', ...left }, ...told, ...m.queue.map(answer('failed')));
      },
    },
    finalize: { to: ['CLOSING'], run: (m) => move({ tag: 'CLOSING', ...facts(m), batch: m.batch }, ...m.queue.map(answer('late'))) },
  },
  CLOSING: {
    pushed: { to: ['CLOSING'], run: (m, { block }) => move(m, answer('late')(block)) },
    written: {
      to: ['FINALIZED'],
      run: (m) => move({ tag: 'FINALIZED', ...facts(m) }, ...count(m.merged, m.batch), { tag: 'tellFinalized' }),
    },
    writeFailed: {
      to: ['FINALIZED'],
      run: (m) => move({ tag: 'FINALIZED', ...facts(m) }, ...m.batch.map(answer('failed')), { tag: 'tellFinalized' }),
    },
    finalize: ignore('the driver asks again; it hears of the end like the first time'),
  },
  BROKEN: {
    pushed: { to: ['BROKEN'], run: (m, { block }) => move(m, answer('failed')(block)) },
    finalize: { to: ['FINALIZED'], run: (m) => move({ tag: 'FINALIZED', ...facts(m) }, { tag: 'tellFinalized' }) },
  },
  FINALIZED: {
    pushed: { to: ['FINALIZED'], run: (m, { block }) => move(m, answer('late')(block)) },
    finalize: { to: ['FINALIZED'], run: (m) => move(m, { tag: 'tellFinalized' }) },
  },
};
