// One application as its page shows it: attempts, containers, why it waits and what would let it run. Plain data; memory in MiB, times in ms.
import type { AppRow } from './applications.ts';

export type WaitView = {
  readonly count: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly others: Readonly<Record<string, number>>;
  readonly priority: number;
  /** For programs: QUEUE_FULL, NO_ROOM … */
  readonly obstacle: string;
  /** After "Waiting for …: ". */
  readonly because: string;
  readonly wouldLetItRun: string;
};

/** Of one attempt in one answer: an application may have tens of thousands, and its page asks again with each change. */
export const MOST_CONTAINERS = 1_000;

export type AttemptView = {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly amContainerId: string | undefined;
  readonly amHost: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly diagnostics: string;
  /** Live ones first, at most MOST_CONTAINERS of them; none of an attempt that was not asked for. */
  readonly containers: readonly ContainerView[];
  /** Live ones beyond those that are told. */
  readonly unshown: number;
  /** Those that have ended and are remembered no more. */
  readonly forgotten: number;
};

export type ContainerView = {
  readonly id: string;
  readonly nodeId: string;
  readonly state: string;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly others: Readonly<Record<string, number>>;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** -1000: it runs. */
  readonly exitStatus: number;
  readonly diagnostics: string;
  readonly isAm: boolean;
};

export type ApplicationView = AppRow & {
  readonly diagnostics: string;
  readonly memoryMbSeconds: number;
  readonly vcoreSeconds: number;
  /** What the driver itself says of where its pages are. */
  readonly trackingUrl: string;
  /** When its life ends, and until when it waits in its queue at most; 0: there is no such limit. */
  readonly expiresAtMs: number;
  readonly waitsUntilMs: number;
  readonly unmanaged: boolean;
  readonly waits: readonly WaitView[];
  readonly attempts: readonly AttemptView[];
  /** The one who asks may end it. */
  readonly mayKill: boolean;
};
