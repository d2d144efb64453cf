// RDDs that are to be cut from their lineage: marked by checkpoint() and localCheckpoint(), cut after the first job that reaches them, by the
// driver (driver/service/checkpoints.ts). The mark belongs to the node: an RDD made of a checkpointed one knows the node only.
// Source: Spark's RDDCheckpointData.
import type { RddNode, StorageLevel as LevelFlags } from '../plan/lineage.ts';
import { StorageLevel } from './storage-level.ts';

export type CheckpointMark = {
  readonly kind: 'reliable' | 'local';
  state: 'MARKED' | 'RUNNING' | 'DONE';
  /** Folder of the files, once it is done. */
  folder: string | undefined;
};

const marks = new WeakMap<RddNode, CheckpointMark>();
/** Marked nodes that no job has reached yet: without any, no lineage is walked. They may be gone by now, which costs a walk. */
let waiting = 0;

export const checkpointOf = (node: RddNode): CheckpointMark | undefined => marks.get(node);
export const someCheckpointWaits = (): boolean => waiting > 0;

/** The later of checkpoint() and localCheckpoint() counts, until it is done. */
export function markCheckpoint(node: RddNode, kind: CheckpointMark['kind']): void {
  const known = marks.get(node);
  if (known !== undefined && (known.state !== 'MARKED' || known.kind === kind)) return;
  if (known === undefined) waiting++;
  marks.set(node, { kind, state: 'MARKED', folder: undefined });
}

/** Marked RDDs that a job over `root` has reached: those next to it on each way; what lies behind them comes when they are cut. */
export function reachedCheckpoints(root: RddNode): RddNode[] {
  const found: RddNode[] = [];
  const seen = new Set<RddNode>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (marks.get(node)?.state === 'MARKED') found.push(node);
    else for (const { parent } of node.dependencies) open.push(parent);
  }
  return found;
}

/** A checkpoint is made now, once; with false it is waited for again. */
export function setRunning(mark: CheckpointMark, runs: boolean): void {
  waiting += runs ? -1 : 1;
  mark.state = runs ? 'RUNNING' : 'MARKED';
}

/** Spark's level for local checkpoints has disk. Ours is bytes, too: a slot must be able to read what another computed. */
export const localCheckpointLevel = (level: LevelFlags | undefined): StorageLevel =>
  new StorageLevel(true, level?.useMemory ?? true, level?.useOffHeap ?? false, false, level?.replication ?? 1);

/** The node reads `from` now and nothing else. */
export function cutLineage(node: RddNode, from: RddNode, mark: CheckpointMark, folder: string | undefined): void {
  const changed = node as { -readonly [K in keyof RddNode]: RddNode[K] };
  changed.op = { tag: 'rows', name: 'identity', functions: [] };
  changed.dependencies = [{ kind: 'narrow', parent: from }];
  mark.folder = folder;
  mark.state = 'DONE';
}

/** `part-00012` */
export const partName = (partition: number): string => `part-${String(partition).padStart(5, '0')}`;
