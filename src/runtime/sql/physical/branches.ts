// Where stages begin that read what others have left: rows of an exchange, rows that executors keep; and what other stages' keys leave of a plan's rows.
import type { Exchange } from '../../rdd/sql-fragment.ts';
import { allOf, call } from '../logical/conjuncts.ts';
import type { Attribute } from '../logical/expressions.ts';
import { type KernelTable, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { relationOf } from './everywhere.ts';
import { tableOf } from './fragments.ts';
import { type Branch, merged, oneTask, type Parts } from './parts.ts';
import type { PhysicalPlan } from './physical-plan.ts';

/** An exchange that is read a second time has the names of its first. */
export const readBranch = (exchange: Exchange, output: readonly Attribute[], isOneTask: boolean): Branch => ({
  plan: { ...tableOf(exchange.name, output), columns: exchange.columns.map(([name]) => name) },
  inputs: [{ name: exchange.name, columns: exchange.columns }],
  broadcasts: [],
  source: { kind: 'exchanges', exchanges: [exchange], isOneTask },
});

/** Rows that executors keep. */
export const cachedBranch = ({ output, columns }: KernelTable, exchange: Exchange): Branch => ({
  plan: { kind: 'kernelTable', output, columns, table: exchange.name },
  inputs: [{ name: exchange.name, columns: exchange.columns }],
  broadcasts: [],
  source: { kind: 'exchanges', exchanges: [exchange], isOneTask: exchange.partitions === 1 },
});

export const inOneTask = (branch: Branch): Branch =>
  branch.source.kind === 'exchanges' ? { ...branch, source: { ...branch.source, isOneTask: true } } : branch;

/** A whole plan in one task. @param inOne what it reads of a table, in one task */
export async function wholeBranch(node: LogicalPlan, inOne: (table: KernelTable) => Promise<Branch>): Promise<Branch> {
  const tables = new Map<string, KernelTable>();
  visitPlan(node, (p) => {
    if (p.kind === 'kernelTable') tables.set(p.table, p);
  });
  const sent = new Map<string, Branch>();
  for (const [name, table] of tables) sent.set(name, await inOne(table));
  const plan = transformPlan(node, (p) => {
    if (p.kind !== 'kernelTable') return p;
    const { cached: _, rdd, ...given } = p;
    const { table, columns } = sent.get(p.table)!.plan as KernelTable;
    return { ...given, table, columns: rdd === undefined ? given.columns : columns };
  });
  return [...sent.values()].reduce((all, branch) => merged(plan, all, branch), oneTask(plan));
}

/** Something relies on equal keys being together: partitions stay whole. */
export const kept = ({ branches, spread }: Parts): Parts => ({
  branches: branches.map(({ splittable: _, ...branch }) => branch),
  spread,
});

/** Rows whose keys are among those of the table; or the keys among the rows'. */
export function filteredBy(
  { keys, table, isKeysAlone }: Pick<Extract<PhysicalPlan, { kind: 'filtered' }>, 'keys' | 'table' | 'isKeysAlone'>,
  below: LogicalPlan,
): LogicalPlan {
  const own = new Map(outputOf(below).map((a) => [a.exprId, a]));
  const used = [...new Map(keys.map((key) => [key.of.exprId, key])).values()];
  const told = relationOf(
    table,
    used.map(({ of }) => of),
    used.map(({ column }) => column),
  );
  const condition = allOf(keys.map(({ id, of }) => call('==', own.get(id)!, of)));
  if (isKeysAlone !== true) return { kind: 'join', left: below, right: told, joinType: 'leftSemi', condition };
  const found: LogicalPlan = { kind: 'join', left: told, right: below, joinType: 'leftSemi', condition, isByLeftKeys: true };
  return { kind: 'project', child: found, projectList: keys.map(({ id, of }) => ({ ...own.get(id)!, kind: 'alias', child: of })) };
}
