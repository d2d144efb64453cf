// What a core needs to begin with, for tests of what is around it.
import type { RmSettings } from '../../../../src/resourcemanager/core/records.ts';

export const SETTINGS: RmSettings = {
  nmExpiryMs: 10_000,
  amExpiryMs: 10_000,
  amSilenceMs: 600_000,
  grantExpiryMs: 60_000,
  nodeHeartbeatMs: 1_000,
  minAllocationMb: 1,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 2,
  maxCompletedApps: 10,
  rmAddress: 'unix:/rm',
};
export const FOUND = {
  epoch: 0,
  clusterStartMs: 1,
  applicationSeq: 0,
  containerKeys: [],
  nmKeys: [],
  applications: [],
  attempts: [],
  nodesOut: [],
};
