// What an operator may send to a container's processes: YARN's names (SignalContainerCommand) and the signals that they are.

export const CONTAINER_SIGNALS = { OUTPUT_THREAD_DUMP: 'SIGQUIT', GRACEFUL_SHUTDOWN: 'SIGTERM', FORCEFUL_SHUTDOWN: 'SIGKILL' } as const;
export type ContainerSignal = (typeof CONTAINER_SIGNALS)[keyof typeof CONTAINER_SIGNALS];

/** By YARN's name, in any case; undefined: it is none. */
export const containerSignal = (name: string): ContainerSignal | undefined =>
  Object.entries(CONTAINER_SIGNALS).find(([known]) => known === name.toUpperCase())?.[1];
