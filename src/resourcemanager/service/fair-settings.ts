// The settings of the fair scheduler that stand in no file of queues, read and checked once.
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Key } from '../../common/key.ts';
import type { Settings } from '../../common/settings.ts';
import type { FairSettings } from '../core/scheduler/fair/allocations.ts';

/** @throws AppError CONFIG_BAD_VALUE */
export function fairSettings(s: Settings): FairSettings {
  const part = (key: Key<'ratio'>, least: number): number => {
    const value = s.need(key);
    if (value >= least && value <= 1) return value;
    const expected = least < 0 ? 'a number from 0 to 1, or -1' : 'a number from 0 to 1';
    throw new AppError('CONFIG_BAD_VALUE', { key: key.name, value: String(value), expected, where: 'settings' });
  };
  return {
    userAsDefaultQueue: s.need(KEYS.fairUserAsDefaultQueue),
    allowUndeclaredPools: s.need(KEYS.fairAllowUndeclaredPools),
    tuning: {
      reservableNodes: part(KEYS.fairReservableNodes, 0),
      localityThresholdNode: part(KEYS.fairLocalityNode, -1),
      localityThresholdRack: part(KEYS.fairLocalityRack, -1),
      sizeBasedWeight: s.need(KEYS.fairSizeBasedWeight),
    },
  };
}
