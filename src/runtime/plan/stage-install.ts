// What a slot gets once per stage attempt, before its tasks: the plan, the captured functions, and where the map outputs lie.
import { Packr } from 'msgpackr';

/** One map task's output. The index file lies beside the data file: `<file>.index`. */
export type MapOutput = {
  readonly mapIndex: number;
  readonly mapTaskId: number;
  readonly executorId: string;
  readonly host: string;
  readonly blockAddress: string;
  /** Absolute path of the data file on that host. */
  readonly file: string;
  /** Bytes per reduce partition. */
  readonly bytes: Float64Array | readonly number[];
  readonly records: number;
};

/** The executorId of outputs in the fallback storage: a folder that every host has. Source: FallbackStorage.FALLBACK_BLOCK_MANAGER_ID */
export const FALLBACK_STORAGE = 'fallback';

/** Blocks of one reduce partition that a shuffle service put behind one another: `<file>.index` says which (rpc/merged-index.ts). */
export type MergedPartition = {
  readonly reduceId: number;
  /** Of the service. */
  readonly address: string;
  readonly host: string;
  /** Absolute path of the data file on that host. */
  readonly file: string;
  /** What counts of the data, and of the records of its index. */
  readonly bytes: number;
  readonly blocks: number;
  /** Bit m: map task m's block is in it. */
  readonly maps: Uint8Array;
};

export type ShuffleOutputs = {
  readonly shuffleId: number;
  readonly epoch: number;
  readonly outputs: readonly MapOutput[];
  /** Push-based shuffle; ascending by reduceId. */
  readonly merged?: readonly MergedPartition[];
};

export type StageInstall = {
  readonly stageId: number;
  readonly stageAttempt: number;
  /** stage-plan.ts */
  readonly plan: Uint8Array;
  /** closure/captured.ts, of PlannedStage.functions */
  readonly closure: Uint8Array;
  readonly mapOutputs: readonly ShuffleOutputs[];
  /** Key of the stage attempt, when it is a barrier stage. */
  readonly barrierKey?: number | undefined;
};

const packr = new Packr({ useRecords: false, mapsAsObjects: true, moreTypes: true, copyBuffers: true } as ConstructorParameters<
  typeof Packr
>[0]);

export const encodeStageInstall = (install: StageInstall): Buffer => packr.pack(install);
export const decodeStageInstall = (bytes: Uint8Array): StageInstall => packr.unpack(bytes) as StageInstall;

/** Of shuffle.locate. */
export const encodeOutputs = (outputs: ShuffleOutputs): Buffer => packr.pack(outputs);
export const decodeOutputs = (bytes: Uint8Array): ShuffleOutputs => packr.unpack(bytes) as ShuffleOutputs;
