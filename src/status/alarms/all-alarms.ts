// Every rule about an application's state, worst first. A rule is one file: what it looks at, its limits, its sentences.
import type { StatusStore } from '../store/status-store.ts';
import type { Alarm } from '../store/status-view.ts';
import { stageFacts } from './facts.ts';
import { garbageCollection } from './garbage-collection.ts';
import { idleCores } from './idle-cores.ts';
import { largeClosure } from './large-closure.ts';
import type { StageRule } from './rule.ts';
import { skew } from './skew.ts';
import { spill } from './spill.ts';
import { stragglers } from './stragglers.ts';
import { tinyTasks } from './tiny-tasks.ts';
import { tooFewTasks } from './too-few-tasks.ts';
import { waitingForExecutors } from './waiting-for-executors.ts';

const STAGE_RULES: readonly StageRule[] = [skew, spill, stragglers, garbageCollection, largeClosure, tooFewTasks, idleCores, tinyTasks];
const RANK = { serious: 0, warning: 1, info: 2 } as const;
/** The newest: an application of many stages says the same about each. */
const MOST_STAGES = 100;

export function allAlarms(store: StatusStore): readonly Alarm[] {
  const nowMs = store.nowMs();
  const alarms: Alarm[] = [];
  const running = store.executors(true).filter((executor) => executor.maxTasks > 0).length;
  const waiting = waitingForExecutors(store.state.waiting, running, nowMs);
  if (waiting !== undefined) alarms.push(waiting);
  for (const stage of store.stages(['ACTIVE', 'COMPLETE', 'FAILED']).slice(0, MOST_STAGES)) {
    const facts = stageFacts(store, stage, nowMs);
    for (const rule of STAGE_RULES) {
      const alarm = rule(facts);
      if (alarm !== undefined) alarms.push(alarm);
    }
  }
  return alarms.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
