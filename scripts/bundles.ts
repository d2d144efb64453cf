// Which bundles dist/ consists of: one CommonJS file per kind of process. What makes them is build.ts.

export type Bundle = {
  /** `dist/<name>.cjs` is what one starts or requires; `dist/<name>.main.cjs` beside it is the code. */
  readonly name: string;
  readonly entry: string;
  /** Other bundles `require` it for its exports: nothing in it may run by itself. */
  readonly library?: boolean;
};

export const BUNDLES: readonly Bundle[] = [
  { name: 'spark-submit', entry: 'src/cli/submit/main.ts' },
  { name: 'yarn', entry: 'src/cli/yarn/main.ts' },
  { name: 'cli', entry: 'src/commands/main.ts' },
  { name: 'command-master', entry: 'src/cli/run/main.ts' },
  { name: 'resourcemanager', entry: 'src/resourcemanager/main.ts' },
  { name: 'nodemanager', entry: 'src/nodemanager/main.ts' },
  { name: 'history', entry: 'src/history/main.ts' },
  { name: 'history-worker', entry: 'src/history/worker-main.ts' },
  { name: 'history-query', entry: 'src/history/query/worker-main.ts' },
  { name: 'runtime', entry: 'src/runtime/entry.ts', library: true },
  { name: 'executor', entry: 'src/runtime/executor/main.ts' },
  { name: 'worker', entry: 'src/runtime/executor/worker-main.ts' },
  { name: 'event-log', entry: 'src/runtime/driver/event-log/worker-main.ts' },
  { name: 'ui', entry: 'src/runtime/driver/service/ui-app.ts', library: true },
  { name: 'sql', entry: 'src/runtime/sql-main.ts', library: true },
  { name: 'sql-functions', entry: 'src/runtime/sql/udf/for-executors.ts', library: true },
  { name: 'driver', entry: 'src/runtime/driver/cluster-main.ts' },
];

/** Stays in node_modules: native code, or found at run time by its own path. */
export const EXTERNAL: readonly string[] = ['better-sqlite3', 'oxc-parser', '@duckdb/node-api', 'apache-arrow', 'emberloom'];

/**
 * Replaced by a module that throws when touched. msgpackr's native half costs 8 ms of start-up and msgpackr goes on without it;
 * the others are behind features of oclif that no command of ours uses.
 */
export const STUBBED = /^(msgpackr-extract|typescript|cli-spinners|minimatch|tinyglobby|wsl-utils)$/;
