// Rows that are computed once and kept in tables of the session's kernel: what CACHE TABLE makes. Their scans are plans like any other; a query
// that runs on executors has them sent there (../physical/execute.ts).
import type { StorageLevel } from '../../rdd/storage-level.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';

export type KernelTablesPorts = {
  /** Runs a statement around a plan's text, whose columns are `o0`, `o1` …. */
  readonly statement: (plan: LogicalPlan, around: (query: string) => string) => Promise<void>;
  readonly run: (sql: string) => Promise<void>;
};

/** What the storage page says, the plan when it is left out; and where executors keep the rows: in memory, what has no room there on disk. */
export type HowCached = { readonly label?: string; readonly level?: StorageLevel | undefined };

/** Rows of plans by the names that they stand for: here in the driver's kernel, or with executors (cluster-tables.ts). */
export interface CachedTables {
  /** Whether `keep` computes nothing yet. */
  readonly isLazy: boolean;
  /** A plan that reads the kept rows; undefined: none are kept. */
  find(key: string): LogicalPlan | undefined;
  keep(key: string, source: LogicalPlan, how: HowCached): Promise<void>;
  forget(key: string): Promise<void>;
  /** Those whose rows came from what is not as it was. */
  forgetWhere(isStale: (source: LogicalPlan) => boolean): Promise<void>;
}

type Kept = { readonly key: string; readonly source: LogicalPlan; readonly scan: LogicalPlan & { readonly kind: 'kernelTable' } };

export class KernelTables implements CachedTables {
  readonly isLazy = false;
  readonly #kept = new Map<string, Kept>();
  readonly #ports: KernelTablesPorts;
  #made = 0;

  constructor(ports: KernelTablesPorts) {
    this.#ports = ports;
  }

  find(key: string): LogicalPlan | undefined {
    return this.#kept.get(key)?.scan;
  }

  async keep(key: string, source: LogicalPlan): Promise<void> {
    const table = `cached_${++this.#made}`;
    await this.#ports.statement(source, (query) => `CREATE TABLE ${table} AS ${query}`);
    const output = outputOf(source);
    const scan = { kind: 'kernelTable', output, columns: output.map((_, i) => `o${i}`), table } as const;
    this.#kept.set(key, { key, source, scan });
  }

  async forget(key: string): Promise<void> {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept !== undefined) await this.#ports.run(`DROP TABLE IF EXISTS ${kept.scan.table}`);
  }

  async forgetWhere(isStale: (source: LogicalPlan) => boolean): Promise<void> {
    for (const { key, source } of [...this.#kept.values()]) if (isStale(source)) await this.forget(key);
  }
}
