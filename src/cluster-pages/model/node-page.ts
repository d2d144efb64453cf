// What a NodeManager's own page shows: the node, its containers with their resident memory against their limits, and their log files. Plain data.

export type NodeFacts = {
  readonly nowMs: number;
  readonly nodeId: string;
  readonly host: string;
  readonly version: string;
  readonly startedAtMs: number;
  readonly healthy: boolean;
  readonly healthReport: string;
  readonly capacity: { readonly memoryMb: number; readonly vcores: number };
  /** The ResourceManager's pages, '' where they are not known. */
  readonly rmHttp: string;
  /** Resident memory is held against the limit (yarn.nodemanager.pmem-check-enabled). */
  readonly limitsMemory: boolean;
};

export type NodeContainerView = {
  readonly id: string;
  readonly applicationId: string;
  readonly user: string;
  readonly state: string;
  readonly memoryMb: number;
  readonly vcores: number;
  /** Resident memory of its process tree at the last look; undefined: not looked yet, or no process. */
  readonly rssBytes: number | undefined;
  readonly pid: number | undefined;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly exitStatus: number | undefined;
  readonly diagnostics: string;
};

export type NodePage = { readonly node: NodeFacts; readonly containers: readonly NodeContainerView[] };

export type LogFile = { readonly name: string; readonly sizeBytes: number; readonly modifiedAtMs: number };
/** Text from `offset` (bytes); `end` is where the next part begins, `sizeBytes` how long the file is now. */
export type LogPart = {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  readonly sizeBytes: number;
  /** More may come. */
  readonly running: boolean;
};
export type LogMatch = { readonly offset: number; readonly line: string };
/** `next`: where to go on searching; undefined: the file was searched to its end. */
export type LogMatches = { readonly matches: readonly LogMatch[]; readonly next: number | undefined };
