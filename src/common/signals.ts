// Signals that ask a process to end, and the exit code that says so to who started it: 128 + the signal's number.
export const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type SignalName = keyof typeof SIGNALS;
