// What this node offers when the settings do not say: the cores that we may use, and 80 % of the memory of the machine or of the
// cgroup that we are in. Source: YARN's NodeManagerHardwareUtils.
import { availableParallelism, totalmem } from 'node:os';
import { type Resource, resource } from '../../common/resource.ts';

const OFFERED_SHARE = 0.8;

/** A single core is offered as two, or a driver in cluster mode would wait for ever for its first executor. */
export const defaultVcores = (cores: number): number => Math.max(2, cores);

export function capacityOf(settings: { memoryMb: number | undefined; vcores: number | undefined }): Resource {
  const limit = process.constrainedMemory(); // 0 or a huge number when there is none
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem();
  return resource(
    settings.memoryMb ?? Math.floor((memory * OFFERED_SHARE) / 1024 ** 2),
    settings.vcores ?? defaultVcores(availableParallelism()),
  );
}
