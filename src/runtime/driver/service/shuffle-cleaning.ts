// Deletes the map outputs of a shuffle that nobody can read any more: executors delete what lies in their folders, the driver what the tracker
// knows of on its own host, also of executors that are gone; where they have a shuffle service, it. Source: ContextCleaner.doCleanupShuffle, BlockManagerMaster.removeShuffle.
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { FALLBACK_STORAGE, type MapOutput } from '../../plan/stage-install.ts';
import type { DagScheduler } from '../core/dag-scheduler.ts';
import type { BlockMaster } from './block-master.ts';
import type { RemoveFromServices } from './shuffle-services.ts';

/** @param host the driver's own @param services undefined: the application uses none */
export async function cleanShuffle(
  shuffleId: number,
  core: DagScheduler,
  blocks: BlockMaster,
  host: string,
  services: RemoveFromServices | undefined,
): Promise<void> {
  const mergers = core.merges?.mergers(shuffleId) ?? [];
  const outputs = core.forgetShuffle(shuffleId);
  if (outputs === undefined) return; // no job has needed it
  core.merges?.forget(shuffleId);
  const ours = (output: MapOutput) => output.host === host || output.executorId === FALLBACK_STORAGE;
  const here = outputs.filter((output) => ours(output) && basename(output.file).startsWith(`shuffle_${shuffleId}_`));
  await Promise.all([
    blocks.removeShuffle(shuffleId),
    services?.(shuffleId, [
      ...outputs.filter(({ executorId }) => executorId !== FALLBACK_STORAGE).map(({ blockAddress }) => blockAddress),
      ...mergers,
    ]),
    ...here.flatMap(({ file }) => [rm(file, { force: true }), rm(`${file}.index`, { force: true })]),
  ]);
}
