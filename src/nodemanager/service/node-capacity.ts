// What this node offers when the settings do not say: the cores that we may use, and 80 % of the memory of the machine or of the
// cgroup that we are in. Source: YARN's NodeManagerHardwareUtils.
import { availableParallelism, totalmem } from 'node:os';
import { KEYS } from '../../common/config-keys.ts';
import { type Others, type Resource, resource } from '../../common/resource.ts';
import type { Settings } from '../../common/settings.ts';

const OFFERED_SHARE = 0.8;
const RESOURCE_TYPE = KEYS.nodeResourceType.name.replace('<name>', '');

/** A single core is offered as two, or a driver in cluster mode would wait for ever for its first executor. */
export const defaultVcores = (cores: number): number => Math.max(2, cores);

type Offered = { readonly memoryMb: number | undefined; readonly vcores: number | undefined; readonly others?: Others };

/** Of the settings yarn.nodemanager.resource-type.<name>. */
const othersOf = (settings: Settings): Others =>
  Object.fromEntries(settings.beginningWith(RESOURCE_TYPE).map(({ name, value }) => [name.slice(RESOURCE_TYPE.length), Number(value)]));

export function capacityOf(settings: Offered): Resource {
  const limit = process.constrainedMemory(); // 0 or a huge number when there is none
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem();
  return resource(
    said(settings.memoryMb) ?? Math.floor((memory * OFFERED_SHARE) / 1024 ** 2),
    said(settings.vcores) ?? defaultVcores(availableParallelism()),
    settings.others,
  );
}

/** -1 stands in YARN's own files for: find out. */
const said = (amount: number | undefined): number | undefined => (amount === -1 ? undefined : amount);

/** Of this node's settings. */
export const offeredBy = (settings: Settings): Resource =>
  capacityOf({ memoryMb: settings.get(KEYS.nodeMemoryMb), vcores: settings.get(KEYS.nodeVcores), others: othersOf(settings) });
