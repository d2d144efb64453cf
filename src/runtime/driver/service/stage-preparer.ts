// A stage → the bytes that every slot gets once: plan, captured functions, where its shuffle inputs lie. Functions are captured once per
// stage: an attempt after a lost block runs what the first ran, whatever the program has changed since.
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/ports.ts';
import { MAX_FRAME_BYTES } from '../../../rpc/channel.ts';
import { capture, classesIn, sizeReport } from '../../closure/capture.ts';
import { encodeCaptured } from '../../closure/captured.ts';
import { encodeStageInstall } from '../../plan/stage-install.ts';
import { type PlannedStage, planStage } from '../../plan/stage-plan.ts';
import type { ResultAction } from '../../rdd/ops.ts';
import { recordClasses, registerRecordClass } from '../../rdd/record-classes.ts';
import type { MapOutputTracker } from '../core/map-output-tracker.ts';
import type { Stage } from '../core/stage.ts';

/** A stage made ready to travel. */
export type PreparedStage = {
  /** StageInstall, encoded. */
  readonly install: Uint8Array;
  /** Persisted RDDs in the stage's pipeline, for locality. */
  readonly cachedRdds: readonly number[];
  payload(partition: number): Uint8Array | undefined;
};

type Kept = { readonly planned: PlannedStage; readonly closure: Buffer };

export class StagePreparer {
  readonly #log: Logger;
  readonly #warnBytes: number;
  readonly #appUrl: string;
  readonly #kept = new WeakMap<Stage, Kept>();

  constructor(log: Logger, warnKb: number, appUrl: string) {
    this.#log = log;
    this.#warnBytes = warnKb * 1024;
    this.#appUrl = appUrl;
  }

  /** @throws TaskNotSerializableError, AppError BAD_ARGUMENT when the stage is larger than a frame */
  prepare(stage: Stage, stageAttempt: number, action: unknown, outputs: MapOutputTracker): PreparedStage {
    let kept = this.#kept.get(stage);
    if (kept === undefined) {
      kept = this.#capture(stage, action);
      this.#kept.set(stage, kept);
    }
    const { planned, closure } = kept;
    const mapOutputs = planned.shufflesRead.map((shuffleId) => outputs.outputs(shuffleId));
    const barrierKey = stage.barrier && stage.state.tag === 'RUNNING' ? stage.state.key : undefined;
    const install = encodeStageInstall({ stageId: stage.id, stageAttempt, plan: planned.plan, closure, mapOutputs, barrierKey });
    if (install.length > MAX_FRAME_BYTES - 4096) {
      throw new AppError('BAD_ARGUMENT', {
        method: stage.rdd.callSite,
        reason: `its functions and what they capture are ${install.length} bytes; use a broadcast variable for large values`,
      });
    }
    return { install, cachedRdds: planned.cachedRdds, payload: (partition) => planned.payload(partition) };
  }

  #capture(stage: Stage, action: unknown): Kept {
    const planned = planStage(
      stage.rdd,
      stage.dependency === undefined
        ? { kind: 'result', action: action as ResultAction }
        : { kind: 'shuffleMap', dependency: stage.dependency },
    );
    // Classes of records that earlier stages made: whoever reads such records needs them, whether or not its functions name them.
    const captured = capture([...planned.functions, ...recordClasses()], stage.rdd.callSite, { appUrl: this.#appUrl });
    for (const found of classesIn(captured)) registerRecordClass(found);
    const closure = encodeCaptured(captured);
    if (closure.length > this.#warnBytes) {
      const { largest } = sizeReport(captured, closure.length);
      const which = largest === undefined ? '' : `; most of it is ${largest.path} (${Math.ceil(largest.bytes / 1024)} KiB)`;
      this.#log.warn(
        `Stage ${stage.id} contains a task of very large size (${Math.ceil(closure.length / 1024)} KiB)${which}. The maximum recommended task size is ${this.#warnBytes / 1024} KiB: use a broadcast variable.`,
      );
    }
    return { planned, closure };
  }
}
