// Makes checkpoints: after a job, each marked RDD that it reached is written by a job of its own (reliable: into files below the checkpoint
// folder; local: what is not cached yet is), and then cut from its lineage. Marks and the cut are rdd/checkpoint.ts.
// Source: Spark's ReliableCheckpointRDD, LocalRDDCheckpointData.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/ports.ts';
import type { RddNode } from '../../plan/lineage.ts';
import { checkpointOf, cutLineage, type CheckpointMark, partName, reachedCheckpoints, setRunning } from '../../rdd/checkpoint.ts';
import type { ResultAction } from '../../rdd/ops.ts';
import type { CachedPartitions } from '../core/cached-partitions.ts';

/** What this needs of the context. */
export type CheckpointPorts = {
  readonly cached: CachedPartitions;
  readonly compress: boolean;
  readonly log: Logger;
  /** The lineage was cut: what it needed may be cleaned, and the folder with the node. */
  readonly onCut: (node: RddNode, folder: string | undefined) => void;
};
type RunJob = (root: RddNode, action: ResultAction, partitions: readonly number[], onResult: () => void, callSite: string) => Promise<void>;

export class Checkpoints {
  readonly #ports: CheckpointPorts;
  #dir: string | undefined;

  constructor(ports: CheckpointPorts) {
    this.#ports = ports;
  }

  get dir(): string | undefined {
    return this.#dir;
  }

  /** Must be seen by the driver and by all executors. @throws AppError LOCAL_DISK when a folder can't be made there */
  setDir(directory: string): void {
    const dir = join(directory, randomUUID());
    try {
      mkdirSync(dir, { recursive: true });
    } catch (error) {
      throw new AppError('LOCAL_DISK', { path: dir, detail: (error as Error).message }, { cause: error });
    }
    this.#dir = dir;
  }

  /** @throws what the job that writes one throws; the RDD stays marked then */
  async afterJob(root: RddNode, nextId: () => number, run: RunJob): Promise<void> {
    for (const node of reachedCheckpoints(root)) {
      const mark = checkpointOf(node)!;
      if (mark.state !== 'MARKED') continue; // another job's turn, meanwhile
      setRunning(mark, true);
      try {
        if (mark.kind === 'reliable') await this.#write(node, mark, nextId, run);
        else await this.#keepLocally(node, mark, nextId, run);
      } catch (error) {
        setRunning(mark, false);
        throw error;
      }
    }
  }

  async #write(node: RddNode, mark: CheckpointMark, nextId: () => number, run: RunJob): Promise<void> {
    const folder = join(this.#dir!, `rdd-${node.id}`);
    mkdirSync(folder, { recursive: true });
    const all = Array.from({ length: node.partitions }, (_, p) => p);
    await run(node, { kind: 'saveCheckpoint', folder, compress: this.#ports.compress }, all, () => {}, node.callSite);
    const id = nextId();
    const found = all.filter((p) => existsSync(join(folder, partName(p)))).length;
    if (found !== node.partitions) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(
        `Checkpoint RDD has a different number of partitions from original RDD. Original RDD [ID: ${node.id}, num of partitions: ${node.partitions}]; ` +
          `Checkpoint RDD [ID: ${id}, num of partitions: ${found}]. The checkpoint folder ${this.#dir} must be the same for the driver and all executors.`,
      );
    }
    this.#cut(node, mark, { id, kind: 'ReliableCheckpointRDD', op: { tag: 'checkpoint', folder } }, folder);
    this.#ports.log.info(`Done checkpointing RDD ${node.id} to file:${folder}, new parent is RDD ${id}`);
  }

  async #keepLocally(node: RddNode, mark: CheckpointMark, nextId: () => number, run: RunJob): Promise<void> {
    const isThere = (p: number) => this.#ports.cached.holders(node.id, p).some(({ slot }) => slot === undefined);
    const missing = Array.from({ length: node.partitions }, (_, p) => p).filter((p) => !isThere(p));
    if (missing.length > 0) await run(node, { kind: 'count' }, missing, () => {}, node.callSite);
    this.#cut(node, mark, { id: nextId(), kind: 'LocalCheckpointRDD', op: { tag: 'lostCheckpoint', of: node.id } }, undefined);
  }

  #cut(node: RddNode, mark: CheckpointMark, parent: Pick<RddNode, 'id' | 'kind' | 'op'>, folder: string | undefined): void {
    const { callSite, scope, partitions } = node;
    const plain = { ...parent, name: undefined, callSite, partitions, dependencies: [] };
    const from: RddNode = { ...plain, ...(scope && { scope }), storageLevel: undefined };
    cutLineage(node, from, mark, folder);
    this.#ports.onCut(node, folder);
  }
}
