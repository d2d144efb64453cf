// Quantiles of a stage attempt's successful tasks. Of a large stage the value at every thousandth is stored when the log has been read, so
// that a page need not sort a million values; of a small one, and for other quantiles, the column is sorted when asked for, and kept.
import type { Database } from '../../common/ports.ts';
import { FIGURES, type Figure, LARGE_STAGE, PERMILLES, SUCCESS } from './index-tables.ts';

/** Columns that are read in one pass: so many arrays of the stage's size are held at once. */
const AT_ONCE = 3;
const OF_SUCCESSES = `stageId = ? AND stageAttemptId = ? AND status = ${SUCCESS}`;

/** Source: Spark's AppStatusStore.taskSummary. @param sorted not empty */
const rank = (quantile: number, count: number): number => Math.max(0, Math.min(Math.floor(quantile * count), count - 1));

function* sortedColumns(db: Database, stageId: number, attemptId: number, count: number, figures: readonly Figure[]) {
  // The same arrays for each pass when they are large: what is yielded holds until the next.
  const shared = count < LARGE_STAGE ? undefined : Array.from({ length: AT_ONCE }, () => new Float64Array(count));
  for (let i = 0; i < figures.length; i += AT_ONCE) {
    const names = figures.slice(i, i + AT_ONCE);
    const columns = shared ?? names.map(() => new Float64Array(count));
    const select = db.prepare(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM task WHERE ${OF_SUCCESSES}`).raw();
    let n = 0;
    for (const row of select.iterate(stageId, attemptId) as IterableIterator<number[]>) {
      if (n === count) break;
      for (let c = 0; c < names.length; c++) columns[c]![n] = row[c]!;
      n++;
    }
    for (const [c, name] of names.entries()) yield [name, columns[c]!.subarray(0, n).sort()] as const;
  }
}

/** After a log has been read. Stages whose count is the same as at the last time are left alone. */
export function storeQuantiles(db: Database): void {
  const known = db.prepare('SELECT successes FROM quantile WHERE stageId = ? AND stageAttemptId = ? LIMIT 1');
  const save = db.prepare('INSERT OR REPLACE INTO quantile VALUES (?, ?, ?, ?, ?)');
  const large = db.prepare('SELECT stageId, stageAttemptId, successes FROM stage_tasks WHERE successes >= ?').all(LARGE_STAGE);
  for (const { stageId, stageAttemptId, successes } of large as { stageId: number; stageAttemptId: number; successes: number }[]) {
    if ((known.get(stageId, stageAttemptId) as { successes: number } | undefined)?.successes === successes) continue;
    const constant = constantFigures(db, stageId, stageAttemptId);
    for (const [figure, value] of constant) {
      const at = new Float64Array(PERMILLES).fill(value);
      save.run(stageId, stageAttemptId, figure, successes, Buffer.from(at.buffer));
    }
    const varying = FIGURES.filter((figure) => !constant.has(figure));
    for (const [figure, sorted] of sortedColumns(db, stageId, stageAttemptId, successes, varying)) {
      const at = Float64Array.from({ length: PERMILLES }, (_, i) => sorted[rank(i / (PERMILLES - 1), sorted.length)]!);
      save.run(stageId, stageAttemptId, figure, successes, Buffer.from(at.buffer));
    }
  }
}

/** Most figures of most stages are 0 for every task: those need no sorting. */
function constantFigures(db: Database, stageId: number, attemptId: number): Map<Figure, number> {
  const bounds = FIGURES.map((name) => `min("${name}"), max("${name}")`).join(', ');
  const row = db.prepare(`SELECT ${bounds} FROM task WHERE ${OF_SUCCESSES}`).raw().get(stageId, attemptId) as number[];
  return new Map(FIGURES.flatMap((name, i) => (row[2 * i] === row[2 * i + 1] ? [[name, row[2 * i]!] as const] : [])));
}

export class QuantileStore {
  readonly #db: Database;
  /** Sorted columns of the small stage that was asked for last. */
  #of = '';
  readonly #sorted = new Map<string, Float64Array>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Precondition: successes > 0 */
  quantiles(stageId: number, attemptId: number, successes: number, figure: Figure, quantiles: readonly number[]): number[] {
    if (successes < LARGE_STAGE) {
      const sorted = this.#column(stageId, attemptId, successes, figure);
      return quantiles.map((q) => sorted[rank(q, sorted.length)]!);
    }
    const select = this.#db.prepare('SELECT successes, atPermille FROM quantile WHERE stageId = ? AND stageAttemptId = ? AND figure = ?');
    const stored = select.get(stageId, attemptId, figure) as { successes: number; atPermille: Buffer } | undefined;
    const at = stored?.successes === successes ? stored.atPermille : undefined;
    return quantiles.map((q) => (at && between(at, q)) ?? this.#search(stageId, attemptId, rank(q, successes), figure));
  }

  #search(stageId: number, attemptId: number, offset: number, figure: Figure): number {
    const select = this.#db.prepare(`SELECT "${figure}" FROM task WHERE ${OF_SUCCESSES} ORDER BY "${figure}" LIMIT 1 OFFSET ?`).raw();
    return (select.get(stageId, attemptId, offset) as [number])[0];
  }

  #column(stageId: number, attemptId: number, successes: number, figure: Figure): Float64Array {
    const key = `${stageId}.${attemptId}.${successes}`;
    if (key !== this.#of) {
      this.#sorted.clear();
      this.#of = key;
    }
    // All columns at once: a page asks for each of them.
    if (!this.#sorted.has(figure))
      for (const [name, sorted] of sortedColumns(this.#db, stageId, attemptId, successes, FIGURES)) this.#sorted.set(name, sorted);
    return this.#sorted.get(figure)!;
  }
}

/** @returns undefined when the thousandths before and after have different values, so that it could be anything between them */
function between(atPermille: Buffer, quantile: number): number | undefined {
  const place = quantile * (PERMILLES - 1);
  const [below, above] = [Math.max(0, Math.floor(place)), Math.min(PERMILLES - 1, Math.ceil(place))];
  // Exactly a thousandth: the same division as when it was stored.
  if (Math.round(place) / (PERMILLES - 1) === quantile) return atPermille.readDoubleLE(Math.round(place) * 8);
  const value = atPermille.readDoubleLE(below * 8);
  return value === atPermille.readDoubleLE(above * 8) ? value : undefined;
}
