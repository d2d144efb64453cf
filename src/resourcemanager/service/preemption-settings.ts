// The settings of preemption for the scheduler in force, read and checked once.
import { AppError } from '../../common/errors.ts';
import { KEYS } from '../../common/config-keys.ts';
import type { Key } from '../../common/key.ts';
import type { Settings } from '../../common/settings.ts';
import type { PreemptionSettings } from '../core/preemption/settings.ts';
import type { SchedulerKind } from '../core/scheduler/scheduler-port.ts';

/** @throws AppError CONFIG_BAD_VALUE */
export function preemptionSettings(s: Settings, kind: SchedulerKind): PreemptionSettings {
  const refuse = (key: Key, value: unknown, expected: string): never => {
    throw new AppError('CONFIG_BAD_VALUE', { key: key.name, value: String(value), expected, where: 'settings' });
  };
  const part = (key: Key<'ratio'>): number => {
    const value = s.need(key);
    return value >= 0 && value <= 1 ? value : refuse(key, value, 'a number from 0 to 1');
  };
  const time = (key: Key<'ms'>, least: number): number => {
    const value = s.need(key);
    return value >= least ? value : refuse(key, value, `at least ${least} ms`);
  };
  const order = s.need(KEYS.intraQueueOrder);
  if (order !== 'userlimit_first' && order !== 'priority_first')
    return refuse(KEYS.intraQueueOrder, order, 'userlimit_first or priority_first');
  const isFair = kind === 'fair';
  return {
    enabled: s.need(isFair ? KEYS.fairPreemption : KEYS.preemptionEnabled),
    intervalMs: time(isFair ? KEYS.fairIntervalMs : KEYS.preemptionIntervalMs, 10),
    graceMs: time(isFair ? KEYS.fairGraceMs : KEYS.preemptionGraceMs, 0),
    perRound: part(KEYS.preemptionPerRound),
    ignoredOverCapacity: s.need(KEYS.preemptionIgnored),
    naturalTermination: part(KEYS.preemptionNatural),
    observeOnly: s.need(KEYS.preemptionObserveOnly),
    intraQueue: {
      enabled: s.need(KEYS.intraQueueEnabled),
      order,
      minimumThreshold: part(KEYS.intraQueueMinimum),
      maxAllowable: part(KEYS.intraQueueMost),
    },
    utilizationThreshold: part(KEYS.fairUtilization),
  };
}
