// Events into state, by the rules of Spark's AppStatusListener: what each count of the REST API means is decided here and in the reduce-*.ts
// files, for the running application and for a log alike. A log may have lost parts: an event about something unknown is skipped or makes it.
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../events.ts';
import { reduceExecutors } from './reduce-executors.ts';
import { endJob, startJob } from './reduce-jobs.ts';
import { reduceSql } from './reduce-sql.ts';
import { completeStage, submitStage } from './reduce-stages.ts';
import { reduceStorage } from './reduce-storage.ts';
import { TaskReducer } from './reduce-tasks.ts';
import type { StatusState } from './status-state.ts';

export class StatusReducer implements StatusListener {
  readonly #state: StatusState;
  readonly #tasks: TaskReducer;

  constructor(state: StatusState) {
    this.#state = state;
    this.#tasks = new TaskReducer(state);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    this.#tasks.started(stageId, attemptId, task);
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    this.#tasks.ended(stageId, attemptId, task);
  }

  on(event: RareEvent): void {
    const state = this.#state;
    state.version++;
    switch (event.tag) {
      case 'logStart':
        state.sparkVersion = event.sparkVersion;
        return;
      case 'resourceProfileAdded':
        state.profiles.set(event.profile.id, event.profile);
        return;
      case 'applicationStart':
        state.application = {
          name: event.name,
          id: event.applicationId,
          startedAtMs: event.atMs,
          endedAtMs: undefined,
          user: event.user,
          attemptId: event.attemptId,
          sparkVersion: state.sparkVersion,
        };
        return;
      case 'applicationEnd':
        if (state.application !== undefined) state.application.endedAtMs = event.atMs;
        return;
      case 'environmentUpdate': {
        const { tag: _, ...environment } = event;
        state.environment = environment;
        return;
      }
      case 'jobStart':
        return startJob(state, event);
      case 'jobEnd':
        return endJob(state, event);
      case 'stageSubmitted':
        return submitStage(state, event);
      case 'stageCompleted':
        return completeStage(state, event.stage);
      case 'speculativeTaskSubmitted': {
        const stage = state.stage(event.stageId, event.attemptId);
        if (stage !== undefined) stage.speculative ??= { numTasks: 0, active: 0, completed: 0, failed: 0, killed: 0 };
        return;
      }
      case 'taskGettingResult':
        state.stage(event.stageId, event.attemptId)?.tasks.gettingResult(event.task.taskId, event.atMs);
        return;
      case 'waitingForExecutors':
        state.waiting =
          event.reason === undefined
            ? undefined
            : { sinceMs: state.waiting?.sinceMs ?? event.atMs, wanted: event.wanted, reason: event.reason };
        return;
      case 'blockUpdated':
      case 'unpersistRdd':
        return reduceStorage(state, event);
      case 'sqlExecutionStart':
      case 'sqlAdaptiveUpdate':
      case 'sqlAdaptiveMetrics':
      case 'sqlDriverAccumUpdates':
      case 'sqlExecutionEnd':
        return reduceSql(state, event);
      default:
        return reduceExecutors(state, event);
    }
  }
}
