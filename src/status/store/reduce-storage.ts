// Blocks of cached RDDs and broadcasts: where they lie and how large they are. Sizes of a removed block come with its last event.
// Source: Spark's AppStatusListener (updateRDDBlock, onUnpersistRDD, onExecutorRemoved).
import type { RareEvent, StorageLevelInfo } from '../events.ts';
import type { LiveExecutor, LiveRdd } from './entities.ts';
import type { StatusState } from './status-state.ts';

const changed = (old: number, delta: number): number => Math.max(0, old + delta);
const isValid = (level: StorageLevelInfo): boolean => (level.useMemory || level.useDisk) && level.replication > 0;

export function reduceStorage(state: StatusState, event: Extract<RareEvent, { tag: 'blockUpdated' | 'unpersistRdd' }>): void {
  if (event.tag === 'unpersistRdd') return unpersist(state, event.rddId);
  const rddId = /^rdd_(\d+)_/.exec(event.blockId)?.[1];
  if (rddId === undefined && !event.blockId.startsWith('broadcast_')) return;
  const { storageLevel: level } = event;
  const memoryDelta = event.memoryBytes * (level.useMemory ? 1 : -1);
  const diskDelta = event.diskBytes * (level.useDisk ? 1 : -1);
  const executor = state.executors.get(event.id.executorId);
  if (executor !== undefined) chargeExecutor(executor, level.useOffHeap, memoryDelta, diskDelta);
  const rdd = rddId === undefined ? undefined : state.rdds.get(Number(rddId));
  if (rdd === undefined) return;
  const blocksDelta = updatePartition(rdd, event.blockId, event.id.executorId, isValid(level), memoryDelta, diskDelta);
  if (executor !== undefined) {
    executor.rddBlocks = Math.max(0, executor.rddBlocks + blocksDelta);
    if (executor.rddBlocks > 0) {
      const share = rdd.distributions.get(executor.id) ?? { memoryUsed: 0, diskUsed: 0, onHeapUsed: 0, offHeapUsed: 0 };
      share.memoryUsed = changed(share.memoryUsed, memoryDelta);
      share.diskUsed = changed(share.diskUsed, diskDelta);
      if (level.useOffHeap) share.offHeapUsed = changed(share.offHeapUsed, memoryDelta);
      else share.onHeapUsed = changed(share.onHeapUsed, memoryDelta);
      rdd.distributions.set(executor.id, share);
    } else rdd.distributions.delete(executor.id);
  }
  rdd.memoryUsed = changed(rdd.memoryUsed, memoryDelta);
  rdd.diskUsed = changed(rdd.diskUsed, diskDelta);
}

/** @returns by how much the executor's count of blocks changes */
function updatePartition(rdd: LiveRdd, name: string, executorId: string, held: boolean, memoryDelta: number, diskDelta: number): number {
  const partition = rdd.partitions.get(name) ?? { executors: [], memoryUsed: 0, diskUsed: 0 };
  const there = partition.executors.includes(executorId);
  if (held && !there) partition.executors.push(executorId);
  if (!held) partition.executors = partition.executors.filter((id) => id !== executorId);
  if (partition.executors.length === 0) rdd.partitions.delete(name);
  else {
    partition.memoryUsed = changed(partition.memoryUsed, memoryDelta);
    partition.diskUsed = changed(partition.diskUsed, diskDelta);
    rdd.partitions.set(name, partition);
  }
  return held ? (there ? 0 : 1) : there ? -1 : 0;
}

function chargeExecutor(executor: LiveExecutor, offHeap: boolean, memoryDelta: number, diskDelta: number): void {
  if (offHeap) executor.usedOffHeap = changed(executor.usedOffHeap, memoryDelta);
  else executor.usedOnHeap = changed(executor.usedOnHeap, memoryDelta);
  executor.memoryUsed = changed(executor.memoryUsed, memoryDelta);
  executor.diskUsed = changed(executor.diskUsed, diskDelta);
}

function unpersist(state: StatusState, rddId: number): void {
  const rdd = state.rdds.get(rddId);
  if (rdd === undefined) return;
  state.rdds.delete(rddId);
  for (const { executors } of rdd.partitions.values()) {
    for (const id of executors) {
      const executor = state.executors.get(id);
      if (executor !== undefined) executor.rddBlocks = Math.max(0, executor.rddBlocks - 1);
    }
  }
  for (const [id, share] of rdd.distributions) {
    const executor = state.executors.get(id);
    if (executor === undefined) continue;
    executor.usedOnHeap = changed(executor.usedOnHeap, -share.onHeapUsed);
    executor.usedOffHeap = changed(executor.usedOffHeap, -share.offHeapUsed);
    executor.memoryUsed = changed(executor.memoryUsed, -share.memoryUsed);
    executor.diskUsed = changed(executor.diskUsed, -share.diskUsed);
  }
}

/** Blocks that went with an executor; nobody says so one by one. */
export function removeExecutorBlocks(state: StatusState, executor: LiveExecutor): void {
  for (const rdd of state.rdds.values()) {
    rdd.distributions.delete(executor.id);
    for (const [name, partition] of rdd.partitions) {
      const copies = partition.executors.length;
      if (!partition.executors.includes(executor.id)) continue;
      const [memory, disk] = [partition.memoryUsed / copies, partition.diskUsed / copies];
      rdd.memoryUsed = changed(rdd.memoryUsed, -memory);
      rdd.diskUsed = changed(rdd.diskUsed, -disk);
      partition.executors = partition.executors.filter((id) => id !== executor.id);
      partition.memoryUsed = changed(partition.memoryUsed, -memory);
      partition.diskUsed = changed(partition.diskUsed, -disk);
      if (partition.executors.length === 0) rdd.partitions.delete(name);
    }
  }
}
