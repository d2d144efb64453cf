// The keys that sign, for one that becomes the active ResourceManager: what the store had, and when they are replaced. Who keeps them: master-keys.ts.
import type { Cluster } from '../core/cluster.ts';
import type { Recovered, RmSettings } from '../core/records.ts';
import type { KeyTimes } from '../core/token-keys.ts';
import { MasterKeys } from './master-keys.ts';
import type { RmOptions, RmParts } from './resource-manager.ts';
import type { RmSecurity } from './rm-security.ts';
import type { StoreGuard } from './store-guard.ts';

/** A node's clock may be behind ours by so much; it shows an expired token as one that it takes. */
const TOKEN_SLACK_MS = 60_000;

/** Source: YARN's activation delay, 1.5 times yarn.nm.liveness-monitor.expiry-interval-ms. */
function keyTimes({ nmExpiryMs }: RmSettings, { rollEveryMs }: RmSecurity): { container: KeyTimes; nm: KeyTimes } {
  const activationMs = Math.ceil(nmExpiryMs * 1.5);
  return { container: { rollEveryMs: rollEveryMs.container, activationMs }, nm: { rollEveryMs: rollEveryMs.nm, activationMs } };
}

function oldestSubmission({ applications }: Cluster): number | undefined {
  let oldest: number | undefined;
  for (const { state, submittedAtMs } of applications.values())
    if (!('ending' in state) && (oldest === undefined || submittedAtMs < oldest)) oldest = submittedAtMs;
  return oldest;
}

export type KeysOf = {
  readonly parts: RmParts;
  readonly options: RmOptions;
  readonly security: RmSecurity;
  readonly store: StoreGuard;
  readonly found: Recovered;
  readonly cluster: Cluster;
};

export const keysOf = ({ parts, options, security, store, found, cluster }: KeysOf): MasterKeys =>
  new MasterKeys(
    {
      store: store.keys,
      clock: parts.clock,
      logger: parts.logger,
      newKey: parts.newKey,
      ...keyTimes(options.settings, security),
      tokensLiveMs: options.settings.grantExpiryMs + TOKEN_SLACK_MS,
      oldestApplicationMs: () => oldestSubmission(cluster),
    },
    { container: found.containerKeys, nm: found.nmKeys },
  );
