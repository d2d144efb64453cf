// The end of a map task: its rows, combined by key or not, go by partition into one data file and its index.
// A combining task that runs over its memory writes what it has combined and starts anew: the reduce side combines combiners anyway.
import path from 'node:path';
import type { MapOutput } from '../../plan/stage-install.ts';
import { hashString } from '../../rdd/portable-hash.ts';
import type { Partitioner } from '../../rdd/partitioner.ts';
import { AggregateTable, type Combiner } from '../../shuffle/aggregate-table.ts';
import { PairBuffers } from '../../shuffle/pair-buffers.ts';
import { Segments, type SpillPlace } from '../../shuffle/segments.ts';
import { LookTimer } from '../../shuffle/spilling-table.ts';
import { after, drain, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';

export type ShuffleTarget = {
  readonly shuffleId: number;
  readonly partitioner: Partitioner;
  readonly combiner: Combiner | undefined;
  readonly dirs: readonly string[];
  readonly budgetBytes: number;
};

export type WrittenMapOutput = Pick<MapOutput, 'mapIndex' | 'mapTaskId' | 'file' | 'records'> & { readonly bytes: Float64Array };

export function writeShuffle(source: Rows, target: ShuffleTarget, task: Task): WrittenMapOutput | Promise<WrittenMapOutput> {
  const segments = new Segments(target.partitioner.numPartitions, spillPlace(target, task));
  const buffers = new PairBuffers(segments, target.partitioner);
  const drained = target.combiner
    ? combineInto(source, target.combiner, buffers, target.budgetBytes)
    : drain(source, (rows, n) => buffers.addRows(rows, n));
  return after(drained, () => {
    buffers.flush();
    const records = segments.rows;
    const name = `shuffle_${target.shuffleId}_${task.partition}_${task.taskId}.data`;
    const file = path.join(target.dirs[(hashString(name) >>> 0) % target.dirs.length]!, name);
    const bytes = segments.writeTo(file, `${task.taskId}-${task.attempt}`);
    task.metrics.shuffleRecordsWritten += records;
    for (const size of bytes) task.metrics.shuffleBytesWritten += size;
    return { mapIndex: task.partition, mapTaskId: task.taskId, file, bytes, records };
  });
}

function combineInto(source: Rows, combiner: Combiner, buffers: PairBuffers, budgetBytes: number): void | Promise<void> {
  let table = new AggregateTable(combiner);
  const keys: unknown[] = [];
  const values: unknown[] = [];
  const timer = new LookTimer(budgetBytes);
  const handOn = () => {
    table.refusePromises();
    buffers.addColumns(table.keys, table.values, table.size);
  };
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) {
      const pair = rows[i] as [unknown, unknown];
      keys[i] = pair[0];
      values[i] = pair[1];
    }
    table.addValues(keys, values, n);
    if (!timer.isDue(keys, values, n)) return;
    if (table.estimateBytes() <= budgetBytes) return;
    handOn();
    table = new AggregateTable(combiner);
  });
  return after(drained, handOn);
}

let spills = 0;

export function spillPlace(target: { readonly dirs: readonly string[]; readonly budgetBytes: number }, task: Task): SpillPlace {
  return {
    newSpillPath: () => path.join(target.dirs[spills % target.dirs.length]!, `spill_${task.taskId}_${process.pid}_${spills++}`),
    budgetBytes: target.budgetBytes,
    onSpill: (bytes) => {
      task.metrics.diskBytesSpilled += bytes;
    },
    atEnd: (discard) => {
      task.cleanUp.push(discard);
    },
  };
}
