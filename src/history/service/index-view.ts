// What an open index answers: the view of its application, as the running driver's is. For the server and for its query thread alike.
import { allAlarms } from '../../status/alarms/all-alarms.ts';
import { StatusStore } from '../../status/store/status-store.ts';
import type { StatusView } from '../../status/store/status-view.ts';
import type { LogFile } from '../core/log-file.ts';
import type { OpenIndex } from '../store/index-file.ts';

export function viewOf({ state }: OpenIndex, log: LogFile, nowMs: () => number): StatusView {
  // A log that was closed ends with its last change: nothing of it runs on.
  const clock = log.inProgress ? nowMs : () => state.application?.endedAtMs ?? log.changedAtMs;
  return new StatusStore(state, { nowMs: clock, alarms: allAlarms });
}
