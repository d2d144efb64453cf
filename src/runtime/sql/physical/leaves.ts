// Where stages begin: the tasks of a scan or a range, each with the text that gives its part. Everything else is one task.
import type { FragmentColumn, FragmentFunction, InputPart, ProgramRdd } from '../../rdd/sql-fragment.ts';
import { Emitter } from '../emit/emitter.ts';
import { copyOfText } from '../emit/file-copies.ts';
import { allOf, call } from '../logical/conjuncts.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { type KernelTable, type LogicalPlan, outputOf, type Scan, type ValueCut } from '../logical/plans.ts';
import { filesByBucket } from './buckets.ts';
import { columnsOf, functionsOf, tableOf } from './fragments.ts';
import type { PhysicalSettings } from './make-physical.ts';
import type { Branch, CoalesceSettings } from './parts.ts';
import { nextTable } from './spread.ts';
import { splitsOf, type SplitSettings } from './splits.ts';

export type ExecuteSettings = PhysicalSettings &
  CoalesceSettings &
  SplitSettings & {
    /** Rows of fewer bytes are not filtered by what a join has found of their keys; undefined: none are. */
    readonly runtimeFilterBytes: number | undefined;
    /** spark.sql.shuffle.partitions, when it was set. */
    readonly shufflePartitions: number | undefined;
    /** spark.emberloom.sql.collapseBytes, when it was set: less input than this is one task's. */
    readonly collapseBytes: number | undefined;
  };

/** Numbers of a range that are worth a task. */
const RANGE_NUMBERS = 1n << 20n;

export function leafBranch(node: LogicalPlan, settings: ExecuteSettings): Branch {
  const { session, slots } = settings;
  if (node.kind === 'scan') return scanBranch(node, settings);
  const alone: Branch = { plan: node, inputs: [], broadcasts: [], source: { kind: 'none' } };
  if (node.kind !== 'range') return alone;
  const count = (node.end - node.start) / node.step;
  const tasks = node.numPartitions ?? Number(count / RANGE_NUMBERS > BigInt(slots) ? BigInt(slots) : count / RANGE_NUMBERS);
  if (tasks < 2) return alone;
  const at = (i: number) => (i === tasks ? node.end : node.start + ((count * BigInt(i)) / BigInt(tasks)) * node.step);
  const texts = Array.from({ length: tasks }, (_, i) => ({
    text: new Emitter(session).plan({ ...node, start: at(i), end: at(i + 1) }),
    parts: [],
    functions: [],
  }));
  return textBranch(node, texts);
}

function scanBranch(scan: Scan, settings: ExecuteSettings): Branch {
  if (scan.cut !== undefined) return cutBranch(scan, scan.cut, settings);
  const tasks = splitsOf(scan, settings);
  if (tasks.length > 1)
    return textBranch(
      scan,
      tasks.map((files) => partText(scan, files, settings)),
    );
  return { plan: overFiles(scan, scan.files), inputs: [], broadcasts: [], source: { kind: 'none' } };
}

/** A task for each bucket. */
export const bucketsBranch = (scan: Scan, settings: ExecuteSettings): Branch =>
  textBranch(
    scan,
    filesByBucket(scan).map((files) => partText(scan, files, settings)),
  );

/** Tasks by ranges of values: a row group on a border is read by both. */
function cutBranch(scan: Scan, { id, bounds, files }: ValueCut, { session }: ExecuteSettings): Branch {
  const key = scan.output.find((a) => a.exprId === id)!;
  const constant = (bound: bigint): Expr => literal(key.dataType.tag === 'long' ? bound : Number(bound), key.dataType);
  const tasks = [...bounds, undefined].map((end, i): TaskText => {
    const first = bounds[i - 1];
    const isThere = ({ path }: Scan['files'][number]): boolean => {
      const { min, max } = files.get(path)!;
      return (first === undefined || max >= first) && (end === undefined || min < end);
    };
    const own = scan.files.filter(isThere);
    const conditions = [
      ...(first === undefined ? [] : [call('>=', key, constant(first))]),
      ...(end === undefined ? [] : [call('<', key, constant(end))]),
    ];
    return taskText({ kind: 'filter', child: overFiles(scan, own), condition: allOf(conditions)! }, session);
  });
  return textBranch(scan, tasks);
}

let parts = 0;

/** A part of a text file is a file that its task makes: the text has a mark in its place. */
function partText(scan: Scan, files: Scan['files'], { session }: ExecuteSettings): TaskText {
  const made: InputPart[] = [];
  const marked = files.map((file) => {
    if (file.bytes === undefined) return file;
    const [first, end] = file.bytes;
    const mark = `part_${++parts}_of_file`;
    const copy = copyOfText(file);
    made.push({ mark, path: file.path, first, end, ...(copy && { copy: { ...copy, mark } }) });
    const { original: _, ...part } = file;
    return { ...part, path: mark };
  });
  return taskText(overFiles(scan, marked), session, made);
}

const overFiles = (scan: Scan, files: Scan['files']): LogicalPlan =>
  files.length === 0 && scan.jdbc === undefined ? { kind: 'localRelation', output: scan.output, rows: [] } : { ...scan, files };

function taskText(plan: LogicalPlan, session: PhysicalSettings['session'], made: readonly InputPart[] = []): TaskText {
  const emitter = new Emitter(session);
  const text = emitter.plan(plan);
  const { functions, remotes = [], stores = [], copies = [] } = functionsOf(emitter);
  return { text, parts: [...made, ...remotes, ...stores, ...copies], functions };
}

type TaskText = { readonly text: string; readonly parts: readonly InputPart[]; readonly functions: readonly FragmentFunction[] };

function textBranch(node: LogicalPlan, texts: readonly TaskText[]): Branch {
  const name = nextTable('s');
  const input = { name, columns: columnsOf(node) };
  return {
    plan: tableOf(name, outputOf(node)),
    inputs: [input],
    broadcasts: [],
    source: {
      kind: 'texts',
      tasks: texts.map(({ text, parts: of }) => [of.length === 0 ? [name, text] : [name, text, of]]),
      functions: texts.find((t) => t.functions.length > 0)?.functions ?? [],
    },
  };
}

/** Partition by partition as the program's RDD has them. Each use has a name of its own: two may stand in one task. */
export function rddBranch(node: KernelTable, rows: ProgramRdd): Branch {
  const columns = columnsOf(node).map(([none, type], i): FragmentColumn => [node.columns[i] ?? none, type]);
  const input = { name: nextTable('r'), columns };
  return { plan: { ...node, table: input.name }, inputs: [input], broadcasts: [], source: { kind: 'rdd', rows, input } };
}
