// Rows that executors keep: what cache(), persist() and CACHE TABLE make on a cluster. Each partition is a Parquet file in the block manager of
// the executor that computed it, by the first query that reads it; a lost one is computed again, as of any persisted RDD. In the driver's kernel
// instead, on local masters: kernel-tables.ts. Source: CacheManager and InMemoryRelation of Spark 4.2.
import type { Exchange, HowKept, KeptRows } from '../../rdd/sql-fragment.ts';
import { StorageLevel } from '../../rdd/storage-level.ts';
import { aliasOf } from '../logical/expressions.ts';
import { freshIds, transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { type CachedRelation, type KernelTable, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { logicalText } from '../explain/logical-text.ts';
import { statisticsOf } from '../physical/statistics.ts';
import { nextTable } from '../physical/spread.ts';
import type { CachedTables, HowCached } from './kernel-tables.ts';

export class ClusterTable implements CachedRelation {
  readonly source: LogicalPlan;
  readonly how: HowKept;
  physical?: unknown;
  isReleased = false;
  #kept: Promise<KeptRows> | undefined;

  constructor(source: LogicalPlan, how: HowKept) {
    this.source = source;
    this.how = how;
  }

  get level(): string {
    return String(this.how.level);
  }

  /** @param keep plans the source and says how its rows are read; a failure is forgotten, the next reader tries again */
  async rows(keep: () => Promise<KeptRows>): Promise<Exchange> {
    this.#kept ??= keep().catch((error: unknown) => {
      this.#kept = undefined;
      throw error;
    });
    return (await this.#kept).exchange(statisticsOf(this.source));
  }

  async release(): Promise<void> {
    this.isReleased = true;
    const kept = this.#kept;
    this.#kept = undefined;
    await (await kept?.catch(() => undefined))?.release();
  }
}

export function cachedIn(plan: LogicalPlan): readonly CachedRelation[] {
  const found: CachedRelation[] = [];
  visitPlan(plan, (node) => {
    if (node.kind === 'kernelTable' && node.cached !== undefined) found.push(node.cached);
  });
  return found;
}

/** The same plan; what is not kept any more is computed. */
export const withoutReleased = (plan: LogicalPlan): LogicalPlan =>
  transformPlan(plan, (node) => {
    if (node.kind !== 'kernelTable' || node.cached === undefined || !node.cached.isReleased) return node;
    const child = freshIds(withoutReleased(node.cached.source));
    const output = outputOf(child);
    return { kind: 'project', child, projectList: node.output.map((a, i) => aliasOf(output[i]!, a.name, { exprId: a.exprId })) };
  });

/** A plan's own text stands for a name. */
const MOST_LABEL = 1024;
function labelOf(source: LogicalPlan): string {
  const text = logicalText(source);
  return text.length > MOST_LABEL ? `${text.slice(0, MOST_LABEL - 3)}...` : text;
}

export class ClusterTables implements CachedTables {
  readonly isLazy = true;
  readonly #kept = new Map<string, { readonly table: ClusterTable; readonly scan: KernelTable }>();

  find(key: string): LogicalPlan | undefined {
    return this.#kept.get(key)?.scan;
  }

  /** Nothing is computed yet. */
  async keep(
    key: string,
    source: LogicalPlan,
    { label = labelOf(source), level = StorageLevel.MEMORY_AND_DISK }: HowCached,
  ): Promise<void> {
    const table = new ClusterTable(source, { name: nextTable('kept'), label, level });
    const output = outputOf(source);
    const scan = { kind: 'kernelTable', output, columns: output.map((_, i) => `o${i}`), table: table.how.name, cached: table } as const;
    this.#kept.set(key, { table, scan });
  }

  async forget(key: string): Promise<void> {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    await kept?.table.release();
  }

  async forgetWhere(isStale: (source: LogicalPlan) => boolean): Promise<void> {
    for (const [key, { table }] of [...this.#kept]) if (isStale(table.source)) await this.forget(key);
  }
}
