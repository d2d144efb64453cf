// The partitions of a scan as rows: their numbers and their columns' values, typed. By them conditions and joins say which files are of use.
import { castTo } from '../functions/coercion.ts';
import { aliasOf, type Attribute, literal, newAttribute } from '../logical/expressions.ts';
import type { LogicalPlan, Scan } from '../logical/plans.ts';
import { LONG, STRING } from '../types/data-type.ts';

export type PartitionValues = {
  /** How many there are. */
  readonly count: number;
  readonly rows: LogicalPlan;
  readonly number: Attribute;
  /** The scan with the files of these partitions alone; itself when that is all of them. */
  readonly only: (numbers: ReadonlySet<number>) => Scan;
};

/** @returns undefined where there are no partitions, or no files */
export function partitionValues(scan: Scan): PartitionValues | undefined {
  const numbers = new Map<string, number>();
  const tuples: (readonly (string | null)[])[] = [];
  const ofFile = scan.files.map(({ partition }) => {
    const key = JSON.stringify(partition);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = tuples.push(partition) - 1));
    return number;
  });
  if (scan.partitionColumns.length === 0 || tuples.length === 0) return undefined;
  const number = newAttribute('number', LONG, false);
  const texts = scan.partitionColumns.map((a) => newAttribute(a.name, STRING));
  const child: LogicalPlan = {
    kind: 'localRelation',
    output: [number, ...texts],
    rows: tuples.map((values, i) => [literal(BigInt(i), LONG), ...values.map((v) => literal(v, STRING))]),
  };
  const typed = scan.partitionColumns.map((a, i) => aliasOf(castTo(texts[i]!, a.dataType), a.name, { exprId: a.exprId }));
  const only = (kept: ReadonlySet<number>): Scan =>
    kept.size === tuples.length ? scan : { ...scan, files: scan.files.filter((_, i) => kept.has(ofFile[i]!)) };
  return { count: tuples.length, number, only, rows: { kind: 'project', child, projectList: [number, ...typed] } };
}
