// Which of several ResourceManagers a process is, by its settings and its command line.
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import { rmIdsOf } from '../../common/rm-addresses.ts';
import type { Settings } from '../../common/settings.ts';
import type { HaRoleOptions } from './ha-role.ts';

/** @param said --id. @returns undefined when there is only one. @throws AppError CONFIG_BAD_VALUE when there are several and this one is none of them */
export function haOf(settings: Settings, said: string | undefined): HaRoleOptions | undefined {
  const ids = rmIdsOf(settings);
  const id = said ?? settings.get(KEYS.haRmId);
  const bad = (expected: string) =>
    new AppError('CONFIG_BAD_VALUE', { key: KEYS.haRmId.name, value: id ?? '', expected, where: 'settings or --id' });
  if (ids.length === 0) {
    if (said !== undefined) throw bad(`no name: ${KEYS.haEnabled.name} is false`);
    return undefined;
  }
  if (id === undefined || !ids.includes(id)) throw bad(`one of ${KEYS.haRmIds.name}: ${ids.join(', ')}`);
  return {
    id,
    leaseMs: settings.need(KEYS.haLeaseMs),
    automatic: settings.need(KEYS.haAutomatic),
    fenceByKill: settings.need(KEYS.haFenceByKill),
  };
}
