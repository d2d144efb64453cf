// What preemption goes by: words. Declared for people in common/config-keys-preemption.ts, with YARN's names.

export type PreemptionSettings = {
  /** yarn.resourcemanager.scheduler.monitor.enable, or yarn.scheduler.fair.preemption. */
  readonly enabled: boolean;
  readonly intervalMs: number;
  /** From asking a container back to killing it. */
  readonly graceMs: number;
  /** 0 to 1 of the cluster. */
  readonly perRound: number;
  /** 0 to 1 of a guarantee. */
  readonly ignoredOverCapacity: number;
  /** 0 to 1: the part of what is to come back that is asked for at once; the rest may end by itself. */
  readonly naturalTermination: number;
  /** It is only said what would be taken. */
  readonly observeOnly: boolean;
  readonly intraQueue: {
    readonly enabled: boolean;
    readonly order: 'userlimit_first' | 'priority_first';
    /** 0 to 1 of the guarantee: below this use nothing is taken inside a queue. */
    readonly minimumThreshold: number;
    /** 0 to 1 of the guarantee: the most that is taken inside a queue in a round. */
    readonly maxAllowable: number;
  };
  /** Fair scheduler: nothing is taken while less of the cluster than this is in use, 0 to 1. */
  readonly utilizationThreshold: number;
};
