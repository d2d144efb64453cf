// Plans after single rules of the optimiser, as text: over small tables whose files are not there.
import { logicalText } from '../../src/runtime/sql/explain/logical-text.ts';
import { newAttribute } from '../../src/runtime/sql/logical/expressions.ts';
import { collapseProject } from '../../src/runtime/sql/optimizer/collapse-project.ts';
import { eliminateSubqueryAliases } from '../../src/runtime/sql/optimizer/eliminate-subquery-aliases.ts';
import { optimize } from '../../src/runtime/sql/optimizer/optimizer.ts';
import type { Rule } from '../../src/runtime/sql/optimizer/rule.ts';
import { parseTableSchema } from '../../src/runtime/sql/parser/parse.ts';
import { sqlEngine } from './sql.ts';

export const engine = sqlEngine();
const files = (rows: number) => [{ path: '/none', size: rows * 20, modified: 0, partition: [], rows }];
const BOUNDS: Readonly<Record<string, Record<string, { min: number; max: number }>>> = {
  orders: { o: { min: 1, max: 100_000 } },
  few: { f: { min: 1, max: 10 } },
};
for (const [name, ddl, rows] of [
  ['t', 'a INT, b INT, s STRING', 1000],
  ['u', 'k INT, v INT', 10],
  ['big', 'x INT, y INT', 1_000_000],
  ['orders', 'o INT, c INT', 100_000],
  ['few', 'f INT', 10],
] as const) {
  const schema = parseTableSchema(ddl);
  engine.views.set(name, {
    kind: 'scan',
    format: 'parquet',
    output: schema.fields.map((f) => newAttribute(f.name, f.dataType)),
    columns: schema.fields.map((f) => f.name),
    partitionColumns: [],
    files: files(rows),
    options: {},
    schema,
    name: 'parquet',
    ...(BOUNDS[name] && { bounds: new Map(Object.entries(BOUNDS[name])) }),
  });
}

/** The plan after these rules, repeated until nothing changes. Views' selections of their own are taken away first. */
export async function after(sql: string, ...rules: readonly Rule[]): Promise<string> {
  const parsed = engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error(`not a query: ${sql}`);
  const plan = await engine.analyze(parsed.relation);
  const batches = [
    { name: 'names', most: 100, rules: [eliminateSubqueryAliases, collapseProject] },
    { name: 'rules', most: 100, rules },
  ];
  return logicalText(optimize(plan, engine.settings, batches)).replace(/#\d+L?/g, '');
}
