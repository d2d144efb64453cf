// input_file_name(), input_file_block_start() and input_file_block_length() → columns that the scan below has for each file, as it has partition
// columns. Above a shuffle (grouping, sorting) and without files below there is none: the name is '', the numbers are -1, as in Spark.
// Source: InputFileBlockHolder, and checkNumInputFileBlockSources in PreReadCheck of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Attribute, type Expr, literal, newAttribute } from '../logical/expressions.ts';
import { exprsOfPlan, mapPlanChildren, mapPlanExprs, transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { childrenOf, type FileColumn, type LogicalPlan, outputOf, type Scan } from '../logical/plans.ts';
import { contains, mapChildren } from '../logical/tree.ts';
import { inlineCte } from '../optimizer/inline-cte.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { LONG, STRING } from '../types/data-type.ts';

const COLUMNS: Readonly<Record<string, FileColumn>> = {
  input_file_name: 'name',
  input_file_block_start: 'start',
  input_file_block_length: 'length',
};
type Added = ReadonlyMap<FileColumn, Attribute>;

const columnOf = (e: Expr): FileColumn | undefined => (e.kind === 'call' ? COLUMNS[e.spec.name] : undefined);
const hasCall = (plan: LogicalPlan): boolean => exprsOfPlan(plan).some((e) => contains(e, (x) => columnOf(x) !== undefined));

/** The plan itself where none of them is called. @throws AnalysisException MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION */
export function withInputFiles(plan: LogicalPlan, settings: SessionSettings): LogicalPlan {
  let isNeeded = false;
  visitPlan(plan, (node) => {
    isNeeded ||= hasCall(node);
  });
  return isNeeded ? transformPlan(inlineCte.apply(plan, settings), (node) => (hasCall(node) ? resolved(node) : node)) : plan;
}

function resolved(node: LogicalPlan): LogicalPlan {
  const called = new Set<FileColumn>();
  for (const e of exprsOfPlan(node))
    contains(e, (x) => {
      const column = columnOf(x);
      if (column !== undefined) called.add(column);
      return false;
    });
  const added = new Map([...called].map((c) => [c, newAttribute(`input_file_${c}`, c === 'name' ? STRING : LONG, false)] as const));
  if (childrenOf(node).reduce((n, child) => n + filesBelow(child), 0) > 1)
    throw new AnalysisException('MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION', { expr: `"${exprName(called)}()"` });
  const child = 'child' in node ? withColumns(node.child, added) : undefined;
  const value = (e: Expr): Expr => {
    const column = columnOf(e);
    if (column === undefined) return mapChildren(e, value);
    return child === undefined ? (column === 'name' ? literal('', STRING) : literal(-1n, LONG)) : added.get(column)!;
  };
  const made = mapPlanExprs(node, value);
  if (child === undefined) return made;
  const over = { ...made, child } as LogicalPlan;
  const output = outputOf(node);
  return outputOf(over).length === output.length ? over : { kind: 'project', child: over, projectList: output };
}

const exprName = (called: ReadonlySet<FileColumn>): string =>
  Object.keys(COLUMNS).find((name) => called.has(COLUMNS[name]!)) ?? 'input_file_name';

/** Sources that are read at once: the branches of a union are not. */
function filesBelow(plan: LogicalPlan): number {
  if (plan.kind === 'scan') return 1;
  const all = childrenOf(plan).reduce((n, child) => n + filesBelow(child), 0);
  return plan.kind === 'union' ? Math.min(all, 1) : all;
}

/** The plan with these columns beside its own; undefined: it has no files, or something in it shuffles rows. */
function withColumns(plan: LogicalPlan, added: Added): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'scan':
      return withFileColumns(plan, added);
    case 'filter':
    case 'subqueryAlias':
    case 'hint':
    case 'sample':
    case 'generate':
    case 'project': {
      const child = withColumns(plan.child, added);
      if (child === undefined) return undefined;
      return plan.kind === 'project'
        ? { ...plan, child, projectList: [...plan.projectList, ...added.values()] }
        : ({ ...plan, child } as LogicalPlan);
    }
    case 'join': {
      const side = filesBelow(plan.left) > 0 ? plan.left : plan.right;
      const made = withColumns(side, added);
      const output = new Set(outputOf(plan).map((a) => a.exprId));
      const isKept = outputOf(side).every((a) => output.has(a.exprId));
      return made !== undefined && isKept ? mapPlanChildren(plan, (child) => (child === side ? made : child)) : undefined;
    }
    case 'union': {
      const parts = plan.children.map((child) =>
        withColumns(child, new Map([...added].map(([c, a]) => [c, newAttribute(a.name, a.dataType, false)]))),
      );
      return parts.every((p) => p !== undefined) ? { ...plan, children: parts, output: [...plan.output, ...added.values()] } : undefined;
    }
    default:
      return undefined;
  }
}

/** The scan with these columns at its end. */
export function withFileColumns(scan: Scan, added: Added): Scan {
  const columns = [...added.keys()];
  const attributes = [...added.values()];
  return {
    ...scan,
    output: [...scan.output, ...attributes],
    partitionColumns: [...scan.partitionColumns, ...attributes],
    fileColumns: [...(scan.fileColumns ?? scan.partitionColumns.map(() => undefined)), ...columns],
    files: scan.files.map((file) => {
      const { path, size, modified } = file.original ?? file;
      const values: Readonly<Record<FileColumn, string | null>> = {
        name: fileUri(path),
        path: fileUri(path).replace('file://', 'file:'),
        fileName: path.slice(path.lastIndexOf('/') + 1),
        size: String(size),
        start: '0',
        length: String(size),
        modified: new Date(modified).toISOString(),
        rowIndex: null, // of rows
      };
      return { ...file, partition: [...file.partition, ...columns.map((c) => values[c])] };
    }),
  };
}

/** What a URI can't have is written in hexadecimal; letters of any language stay. Source: Hadoop's Path.toUri. */
const fileUri = (path: string): string =>
  `${path.includes('://') ? '' : 'file://'}${path.replace(/[\u0000-\u0020"%<>\\^`{|}[\]#?]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}`;
