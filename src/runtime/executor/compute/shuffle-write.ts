// The end of a map task: its rows, combined by key or not, go by partition into one data file and its index.
// A combining task that runs over its memory writes what it has combined and starts anew: the reduce side combines combiners anyway.
import path from 'node:path';
import type { MapOutput } from '../../plan/stage-install.ts';
import type { Partitioner } from '../../rdd/partitioner.ts';
import { AggregateTable, type Combiner } from '../../shuffle/aggregate-table.ts';
import { PairBuffers } from '../../shuffle/pair-buffers.ts';
import { MemoryShare } from '../../shuffle/memory-share.ts';
import { handedOn, Segments, type SpillPlace } from '../../shuffle/segments.ts';
import { LookTimer } from '../../shuffle/spilling-table.ts';
import { after, drain, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { type SpillEnv, spillPlace } from './spill-place.ts';

export type ShuffleTarget = {
  readonly shuffleId: number;
  readonly partitioner: Partitioner;
  readonly combiner: Combiner | undefined;
  readonly spills: SpillEnv;
};

export type WrittenMapOutput = Pick<MapOutput, 'mapIndex' | 'mapTaskId' | 'file' | 'records'> & { readonly bytes: Float64Array };

export function writeShuffle(source: Rows, target: ShuffleTarget, task: Task): WrittenMapOutput | Promise<WrittenMapOutput> {
  const { spills } = target;
  const place: SpillPlace = {
    ...spillPlace(spills, task),
    pack: spills.packShuffle,
    onWrite: (ms) => {
      task.metrics.shuffleWriteTimeNs += Math.round(ms * 1e6);
    },
  };
  const segments = new Segments(target.partitioner.numPartitions, target.combiner ? handedOn(place) : place);
  const buffers = new PairBuffers(segments, target.partitioner);
  const drained = target.combiner
    ? combineInto(source, target.combiner, buffers, place)
    : drain(source, (rows, n) => buffers.addRows(rows, n));
  return after(drained, () => {
    buffers.flush();
    const records = segments.rows;
    const name = `shuffle_${target.shuffleId}_${task.partition}_${task.taskId}.data`;
    const { file, bytes } = place.dirs.writing((dir) => {
      const at = path.join(dir, name);
      return { file: at, bytes: segments.writeTo(at, `${task.taskId}-${task.attempt}`) };
    });
    task.metrics.shuffleRecordsWritten += records;
    for (const size of bytes) task.metrics.shuffleBytesWritten += size;
    return { mapIndex: task.partition, mapTaskId: task.taskId, file, bytes, records };
  });
}

function combineInto(source: Rows, combiner: Combiner, buffers: PairBuffers, place: SpillPlace): void | Promise<void> {
  let table = new AggregateTable(combiner);
  const keys: unknown[] = [];
  const values: unknown[] = [];
  const timer = new LookTimer(place.firstBytes);
  const share = new MemoryShare(place.memory, place.firstBytes);
  const handOn = () => table.drain((k, v, n) => buffers.addColumns(k, v, n));
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) {
      const pair = rows[i] as [unknown, unknown];
      keys[i] = pair[0];
      values[i] = pair[1];
    }
    table.addValues(keys, values, n);
    if (!timer.isDue(keys, values, n)) return;
    if (share.allows(table.estimateBytes())) return;
    handOn();
    table = new AggregateTable(combiner);
    share.giveBack();
  });
  return after(drained, handOn);
}
