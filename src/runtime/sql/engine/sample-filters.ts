// How many rows the filters over files leave, looked at in a few thousand rows of them before joins are ordered: nothing in a footer tells what
// `status = 'F'` keeps. Remembered by file and text. Source: dynamic sampling, as in Oracle's optimiser; Spark 4.2 guesses or needs ANALYZE.
import { zoneSetting } from '../../../common/kernel-zone.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { Emitter } from '../emit/emitter.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Filter, LogicalPlan, Scan } from '../logical/plans.ts';
import { transformPlanUp, visitPlan } from '../logical/plan-tree.ts';
import { isMovable } from '../optimizer/rule-tools.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import { fileKey } from '../logical/scan-file.ts';

const PIECES = 3;
const PIECE_ROWS = 4096;
const MOST_REMEMBERED = 2000;
const remembered = new Map<string, number>();

type Sample = { readonly filter: Filter; readonly key: string; readonly texts: readonly string[]; readonly rows: number };

/** The same plan; filters that stand on files know what they keep. Only for plans with joins: nothing else asks. */
export async function withSampledFilters(plan: LogicalPlan, kernel: SqlKernel, session: SessionSettings): Promise<LogicalPlan> {
  const samples = new Map<Filter, Sample>();
  let hasJoin = false;
  visitPlan(plan, (p) => {
    if (p.kind === 'join') hasJoin = true;
    const sample = p.kind === 'filter' ? sampleOf(p, session) : undefined;
    if (sample !== undefined) samples.set(sample.filter, sample);
  });
  if (!hasJoin || samples.size === 0) return plan;
  const unknown = [...samples.values()].filter(({ key }) => !remembered.has(key));
  if (unknown.length > 0) await look(unknown, kernel, session.timeZone);
  return transformPlanUp(plan, (p) => {
    const keeps = p.kind === 'filter' ? remembered.get(samples.get(p)?.key ?? '') : undefined;
    return keeps === undefined ? p : { ...p, keeps };
  });
}

/** A sample that fails (a cast of a bad value) tells nothing; the query itself will say so. */
async function look(samples: readonly Sample[], kernel: SqlKernel, timeZone: string): Promise<void> {
  const one = (text: string) => `(SELECT count(*) FROM (${text}))`;
  const list = samples.map(({ texts }) => `(${texts.map(one).join(' + ')})::DOUBLE`);
  await kernel.run(zoneSetting(timeZone));
  const rows = await kernelRows(kernel, `SELECT ${list.join(', ')}`).catch(() => []);
  if (remembered.size > MOST_REMEMBERED) remembered.clear();
  // Half a row for none: no condition is taken to leave nothing for sure.
  for (const [i, sample] of samples.entries())
    if (rows[0] !== undefined) remembered.set(sample.key, Math.min(1, Math.max(0.5, rows[0][i] as number) / sample.rows));
}

function sampleOf(filter: Filter, session: SessionSettings): Sample | undefined {
  if (!isMovable(filter.condition)) return undefined;
  const scan = scanBelow(filter.child);
  const pieces = scan && piecesOf(scan);
  if (pieces === undefined) return undefined;
  const texts: string[] = [];
  for (const piece of pieces) {
    const emitter = new Emitter(session);
    texts.push(emitter.plan(overPiece(filter, { ...scan!, files: [piece] })));
    if (emitter.needed.size > 0) return undefined; // a function that this kernel may not have yet
  }
  const rows = pieces.reduce((sum, { range }) => sum + range![1] - range![0], 0);
  // Ids of columns are new in every query.
  const key = `${pieces.map((p) => `${fileKey(p)}@${p.range![0]}`).join()} ${texts[0]!.replace(/\bc\d+\b/g, numbered())}`;
  return { filter, key, texts, rows };
}

function numbered(): (name: string) => string {
  const names = new Map<string, string>();
  return (name) => {
    if (!names.has(name)) names.set(name, `c${names.size}`);
    return names.get(name)!;
  };
}

function scanBelow(plan: LogicalPlan): Scan | undefined {
  if (plan.kind === 'scan') return plan;
  return plan.kind === 'project' && plan.projectList.every(isMovable) ? scanBelow(plan.child) : undefined;
}

const overPiece = (plan: LogicalPlan, piece: Scan): LogicalPlan =>
  plan.kind === 'scan' ? piece : ({ ...plan, child: overPiece((plan as Filter).child, piece) } as LogicalPlan);

/** The beginnings of a few files, or a few places of one. */
function piecesOf({ format, files }: Scan): Scan['files'] | undefined {
  if (format !== 'parquet' || files.length === 0 || files.some(({ rows }) => rows === undefined)) return undefined;
  const piece = (file: Scan['files'][number], first: number) => ({
    ...file,
    range: [first, Math.min(file.rows!, first + PIECE_ROWS)] as const,
  });
  const filled = files.filter(({ rows }) => rows! > 0);
  if (filled.length === 0) return undefined;
  if (filled.length >= PIECES) return spread(filled.length, PIECES).map((i) => piece(filled[i]!, 0));
  const file = filled[0]!;
  if (file.rows! <= PIECES * PIECE_ROWS) return [{ ...file, range: [0, file.rows!] }];
  return spread(file.rows! - PIECE_ROWS, PIECES).map((first) => piece(file, first));
}

/** n places from 0 to `end`, evenly. */
const spread = (end: number, n: number): number[] => Array.from({ length: n }, (_, i) => Math.floor((i * (end - 1)) / (n - 1)));
