// Exit codes of executors. Source: Spark's ExecutorExitCode, SparkExitCode.

export const EXECUTOR_EXIT = {
  OK: 0,
  BAD_LAUNCH: 1,
  UNCAUGHT: 50,
  OUT_OF_MEMORY: 52,
  NO_LOCAL_DIR: 53,
  HEARTBEAT_FAILED: 56,
  TERMINATED: 143,
} as const;
