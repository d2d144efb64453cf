// What SQL asks of RDDs, as data: stages of kernel texts, their inputs and outputs. ../sql/physical/ plans them, sql-stages.ts makes RDDs of
// them, executor/compute/sql-fragment-rows.ts runs them. Rows between stages are pairs [partition, [input's name, a Parquet file's bytes]].
import type { FileCopy } from '../../common/file-copy.ts';
import type { ObjectStore } from '../../common/object-store.ts';
import type { RemoteRead } from '../../common/remote-database.ts';
import type { FinishArrow } from './finish-arrow.ts';
import type { FinishText } from './finish-text.ts';
import type { StorageLevel } from '../plan/lineage.ts';

/** Name and the kernel's type. */
export type FragmentColumn = readonly [name: string, type: string];
/** What a text reads by a name: a view over what the task was given of it. */
export type FragmentInput = { readonly name: string; readonly columns: readonly FragmentColumn[] };

/** A function in JavaScript that a text calls by `sqlName`: one of the engine's. */
export type EngineFunction = { readonly engine: string; readonly parameters: readonly string[]; readonly sqlName: string };
/** One of the program's: `call` says its types (opaque here: sql/plan/user-function.ts), `body` which of the branch's bodies it is. */
export type ProgramFunction = { readonly call: object; readonly body: number; readonly sqlName: string };
export type FragmentFunction = EngineFunction | ProgramFunction;

/** What an operator of a text is, as far as the kernel's own operators can be told apart by it. */
export type OperatorKind =
  | 'scan'
  | 'filter'
  | 'project'
  | 'aggregate'
  | 'join'
  | 'sort'
  | 'limit'
  | 'window'
  | 'generate'
  | 'expand'
  | 'union'
  | 'other';
/** Accumulators that a figure goes to, by their ids. */
export type FigureIds = {
  /** Rows that it gives, and nanoseconds of its own. */
  readonly rows?: number;
  readonly timeNs?: number;
  /** The kernel counts a text's memory and spill as one: the topmost operator that holds rows has them. Bytes. */
  readonly peakMemory?: number;
  readonly spilled?: number;
};
/** An operator of a text, the topmost one first: whose figures the tasks tell. */
export type FragmentOperator = FigureIds & {
  readonly kind: OperatorKind;
  readonly children: readonly FragmentOperator[];
};
/** Of what a task reads of an exchange: accumulators' ids; bytes, and ms for the time. */
export type ReadFigures = { readonly localBytes: number; readonly remoteBytes: number; readonly waitMs: number };
/** What tasks tell of a text, as accumulators' ids. Left out of a fragment: nobody listens. */
export type FragmentMetrics = {
  readonly root?: FragmentOperator;
  /** The text from its start to its end, ms. */
  readonly duration?: number;
  /** Rows and bytes that it leaves behind, and what became of them in the shuffle. */
  readonly written?: { readonly rows?: number; readonly bytes?: number; readonly shuffleBytes?: number; readonly shuffleNs?: number };
  /** By the name of the input. */
  readonly reads: Readonly<Record<string, ReadFigures>>;
  /** Gets the kernel's operators as they are (`KernelProfile`): of a whole query, whose operators nobody has planned. */
  readonly profile?: number;
};

/** One kernel text: what each task of a branch runs. */
export type SqlFragment = {
  /** A SELECT. For an exchange of several partitions its last column is `p_`, the partition of each row. */
  readonly sql: string;
  readonly inputs: readonly FragmentInput[];
  /** In the order of the branch's broadcasts. */
  readonly broadcasts: readonly FragmentInput[];
  readonly functions: readonly FragmentFunction[];
  /** What JavaScript computes before the text; opaque here but for their texts: sql/udf/steps.ts. */
  readonly steps?: readonly { readonly sql: string }[];
  /** Rows of other databases that the text reads. */
  readonly remotes?: readonly RemoteRead[];
  /** Buckets that it reads. */
  readonly stores?: readonly ObjectStore[];
  /** Files that it reads in another form. */
  readonly copies?: readonly FileCopy[];
  readonly timeZone: string;
  /** Threads of the kernel, and whether it orders joins itself: a whole query in one task. */
  readonly isWhole: boolean;
  /**
   * An exchange of this name and width; undefined: the result. A task whose files have at most `inlineBytes` together sends them with their sizes, too.
   */
  readonly exchange?: { readonly name: string; readonly partitions: number; readonly inlineBytes?: number };
  /** Rows become files of a table; what is handed on is one text instead: TaskFiles as JSON. */
  readonly write?: FragmentWrite;
  readonly metrics?: FragmentMetrics;
  /** Its rows stay with the executors, to be read as an input of this name. */
  readonly keptAs?: string;
};

/** How a task leaves its rows as files: copy-rows.ts, and for commits executor/compute/sql-write.ts. The job's half is sql/sources/write/'s. */
export type FragmentWrite = {
  /** Of one try at the job. The driver makes it; it is gone when the job has ended. */
  readonly folder: string;
  /** Of the kernel's COPY. */
  readonly options: readonly string[];
  /** Columns, the last ones of the text, by whose values rows are told apart: each combination has files of its own. */
  readonly by: readonly string[];
  /** Rows come in an order that files are to keep. */
  readonly isOrdered: boolean;
  /** The first task leaves a file without rows rather than none, so that the folder says its schema. */
  readonly neverEmpty: boolean;
  /** What the kernel does not do. */
  readonly finish?: FinishFile;
};
export type FinishFile = FinishText | FinishArrow;
/** What a task has committed. Paths are relative to the try's folder, sizes are bytes. */
export type TaskFiles = { readonly task: number; readonly files: readonly (readonly [path: string, bytes: number])[] };

/** What one task gets of an input without a shuffle: a SELECT over files, ranges or constants. Instead of a part of a file it has the part's mark. */
export type InputText = readonly [input: string, sql: string, parts?: readonly InputPart[]];
export type InputPart = LinesOfFile | RemoteRead | ObjectStore | FileCopy;
/** The lines of a file that begin at bytes [first, end). The kernel reads whole files only: the task copies them into one (file-lines.ts). */
export type LinesOfFile = {
  readonly mark: string;
  readonly path: string;
  readonly first: number;
  readonly end: number;
  /** The file is the driver's copy of another one. */
  readonly copy?: FileCopy;
};

/** Computed rows, by partition, on the executors' disks. */
export type Exchange = {
  readonly name: string;
  readonly columns: readonly FragmentColumn[];
  readonly partitions: number;
  /** Tasks that made it. */
  readonly maps: number;
  /** Bytes and rows of each partition, of all map tasks together. */
  readonly bytes: readonly number[];
  readonly rows: readonly number[];
  /** Files of each partition in their order, where they are so few bytes that they came to the driver with their sizes. */
  readonly inline?: readonly (readonly Uint8Array[])[];
  /** The shuffled RDD, opaque here. */
  readonly rdd: unknown;
};

/** Values of the program in an RDD, opaque here, and how they become columns (sql/api/shapes.ts). */
export type ProgramRdd = { readonly rdd: unknown; readonly shape: unknown };

export type SqlSource =
  /** Task i gets what partition i of the RDD has. */
  | { readonly kind: 'rdd'; readonly rows: ProgramRdd; readonly input: FragmentInput }
  /** Task i runs its own texts, and reads besides partition i of each exchange. */
  | { readonly kind: 'texts'; readonly tasks: readonly (readonly InputText[])[]; readonly reads?: readonly ExchangeRead[] }
  /** Task i reads the partitions groups[i] of each exchange: all have as many groups. */
  | { readonly kind: 'exchanges'; readonly reads: readonly ExchangeRead[] };
/** What is read partition by partition. */
export const readsIn = (source: SqlSource): readonly ExchangeRead[] => (source.kind === 'rdd' ? [] : (source.reads ?? []));
export type ExchangeRead = {
  readonly exchange: Exchange;
  readonly groups: readonly (readonly number[])[];
  /** Of a partition that several tasks read: which of its map tasks' rows are whose. Left out, or undefined for a task: it takes all. */
  readonly shares?: readonly (Share | undefined)[];
};
/** Rows of the map tasks m with m % of = index. */
export type Share = { readonly index: number; readonly of: number };

/** Rows that every task of a branch reads whole, as the input of this name. */
export type EverywhereRead = { readonly input: string; readonly exchange: Exchange };

/** Tasks that run one text each over their own part of the source. */
export type SqlBranch = {
  readonly fragment: SqlFragment;
  readonly broadcasts: readonly unknown[];
  /** What the program wrote of its functions: captured when the stage is made ready, as functions of RDDs are. */
  readonly bodies: readonly unknown[];
  readonly source: SqlSource;
  readonly everywhere: readonly EverywhereRead[];
};

/** In place of an input's name: what is said of the rows that follow. */
export const NOTE = '';
export type Note = {
  /** They are of this input, whatever they say. */
  readonly readAs?: string;
  /** Of those of this input, only a share. */
  readonly share?: Share & { readonly input: string };
};

export type HowKept = { readonly name: string; readonly label: string; readonly level: StorageLevel };
export type KeptRows = {
  /** As a fragment reads them: what is not known of sizes is guessed. */
  exchange(guess: { readonly bytes: number; readonly rows: number }): Exchange;
  /** Drops them everywhere. */
  release(): Promise<void>;
};

/** What the pages show of a query's jobs: its execution, and where the program asked. */
export type SqlJob = { readonly executionId: number; readonly callSite: string };

/** The engine's way to executors. */
export interface SqlCluster {
  /** Tasks that run at a time. */
  readonly slots: number;
  readonly isLocal: boolean;
  /** The same, its jobs are this execution's. */
  forExecution(job: SqlJob): SqlCluster;
  /** Runs the branches' tasks and leaves their rows by partition. */
  exchange(branches: readonly SqlBranch[], name: string, columns: readonly FragmentColumn[], partitions: number): Promise<Exchange>;
  /** Rows of each task as Parquet files; `each` is called once for each task, in any order. */
  collect(branches: readonly SqlBranch[], each: (task: number, files: readonly Uint8Array[]) => void): Promise<void>;
  /**
   * Rows that executors keep once a task has read them, each partition where it was computed; those of a lost executor are computed again.
   * @param how the name as which fragments read them, what the storage page calls them, and where they are kept
   */
  keep(branches: readonly SqlBranch[], columns: readonly FragmentColumn[], how: HowKept): KeptRows;
  /** The same rows as an RDD of files, opaque here: `[0, [name, Parquet bytes]]`. Nothing runs yet. */
  files(branches: readonly SqlBranch[]): unknown;
  /** The same form of rows from files that the driver has: each is a partition. */
  literalFiles(files: readonly Uint8Array[]): unknown;
  /** @returns opaque, for `SqlBranch.broadcasts` */
  broadcast(files: readonly Uint8Array[]): unknown;
  forget(broadcast: unknown): void;
}
