// What the core is to know of the settings, and the address that drivers in cluster mode are told.
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Settings } from '../../common/settings.ts';
import type { RmSettings } from '../core/records.ts';
import { schedulerKind } from '../core/scheduler/create-scheduler.ts';
import { preemptionSettings } from './preemption-settings.ts';

/** @throws AppError CONFIG_BAD_VALUE */
export function kindOf(value: string) {
  const found = schedulerKind(value);
  if ('kind' in found) return found.kind;
  throw new AppError('CONFIG_BAD_VALUE', { key: KEYS.schedulerClass.name, value, expected: found.fault, where: 'settings' });
}

/** @throws AppError CONFIG_BAD_VALUE */
function maxAllocationMbOf(s: Settings): number | undefined {
  const most = s.get(KEYS.maxAllocationMb);
  const least = s.need(KEYS.minAllocationMb);
  if (most === undefined || most >= least) return most;
  throw new AppError('CONFIG_BAD_VALUE', {
    key: KEYS.maxAllocationMb.name,
    value: String(most),
    expected: `at least ${KEYS.minAllocationMb.name}, ${least}`,
    where: s.whereSet(KEYS.maxAllocationMb) ?? 'settings',
  });
}

/** @throws AppError CONFIG_BAD_VALUE */
export const rmSettings = (s: Settings, rmAddress: string): RmSettings => ({
  nmExpiryMs: s.need(KEYS.nmExpiryMs),
  amExpiryMs: s.need(KEYS.amExpiryMs),
  amSilenceMs: s.need(KEYS.amSilenceMs),
  grantExpiryMs: s.need(KEYS.grantExpiryMs),
  nodeHeartbeatMs: s.need(KEYS.nodeHeartbeatMs),
  minAllocationMb: s.need(KEYS.minAllocationMb),
  maxAllocationMb: maxAllocationMbOf(s),
  maxAllocationVcores: s.get(KEYS.maxAllocationVcores),
  maxAppAttempts: s.need(KEYS.maxAppAttempts),
  amExclusion: s.need(KEYS.amExclusion) ? s.need(KEYS.amExclusionThreshold) : undefined,
  maxCompletedApps: s.need(KEYS.maxCompletedApps),
  maxApplicationPriority: s.get(KEYS.maxApplicationPriority),
  preemption: preemptionSettings(s, kindOf(s.need(KEYS.schedulerClass))),
  maxPending: s.need(KEYS.maxPending),
  maxPendingPerUser: s.need(KEYS.maxPendingPerUser),
  rmAddress,
});
