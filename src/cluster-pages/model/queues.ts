// The queues as the page shows them: a tree of bars, whichever scheduler is behind it. All amounts are of memory in MiB unless they say so; shares
// are of the whole cluster, 0 to 1. Plain data.

export type Sizes = { readonly memoryMb: number; readonly vcores: number; readonly others?: Readonly<Record<string, number>> | undefined };

export type QueueUser = {
  readonly user: string;
  readonly used: Sizes;
  /** What he may have now; 0: it is not limited but by the queue. */
  readonly limitMb: number;
  readonly driverMb: number;
  readonly running: number;
  readonly waiting: number;
};

export type QueueView = {
  readonly path: string;
  readonly name: string;
  /** RUNNING, STOPPED, DRAINING. */
  readonly state: string;
  readonly leaf: boolean;
  /** Dominant share that is used now. */
  readonly usedShare: number;
  /** Share that it is entitled to, and the most that it may use; undefined where the scheduler knows no such thing (fifo). */
  readonly guaranteedShare: number | undefined;
  readonly maximumShare: number;
  readonly pendingShare: number;
  readonly used: Sizes;
  readonly maximum: Sizes;
  readonly pending: Sizes & { readonly containers: number };
  /** What containers of drivers use, and may use; undefined: of a queue that only holds others. */
  readonly drivers: { readonly usedMb: number; readonly maximumMb: number } | undefined;
  readonly running: number;
  readonly waiting: number;
  /** Largest use first. */
  readonly users: readonly QueueUser[];
  /** What one likes to know besides: `weight` is `2`, `ordering` is `fair`. */
  readonly notes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly QueueView[];
};

/** `scheduler`: capacity, fair or fifo. */
export type QueueTree = { readonly scheduler: string; readonly root: QueueView };
