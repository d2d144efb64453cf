// What somebody hears of an application that he may not view: that it is there, whose it is and how it stands; not what it says of
// itself, where it is and what it uses. Source: RMAppImpl.createAndGetApplicationReport with allowAccess = false.
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

const UNAVAILABLE = 'N/A';

export const restrictedReport = (report: ApplicationReport): ApplicationReport => ({
  ...report,
  currentAttemptId: undefined,
  tags: [],
  diagnostics: UNAVAILABLE,
  trackingUrl: UNAVAILABLE,
  amHost: UNAVAILABLE,
  amRpcPort: -1,
  usedMemoryMb: 0,
  usedVcores: 0,
  runningContainers: 0,
  memoryMbSeconds: 0,
  vcoreSeconds: 0,
  amContainerId: undefined,
  amNodeId: undefined,
});
