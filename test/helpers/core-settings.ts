// A core with nothing in it, for tests that drive it by events alone.
import type { Recovered, RmSettings } from '../../src/resourcemanager/core/records.ts';

export const CORE_SETTINGS: RmSettings = {
  nmExpiryMs: 10_000,
  amExpiryMs: 10_000,
  amSilenceMs: 10_000,
  grantExpiryMs: 60_000,
  nodeHeartbeatMs: 1_000,
  minAllocationMb: 1,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 2,
  maxCompletedApps: 100,
  rmAddress: 'unix:/rm',
};

export const NOTHING_FOUND: Recovered = {
  epoch: 0,
  clusterStartMs: 1,
  applicationSeq: 0,
  containerKeys: [],
  nmKeys: [],
  applications: [],
  attempts: [],
  nodesOut: [],
};
