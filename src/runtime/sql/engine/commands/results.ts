// Results of commands: rows of constants as a plan, so that whoever asked can show, filter or count them.
import { literal, newAttribute, type Value } from '../../logical/expressions.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import { BOOLEAN, type DataType, STRING } from '../../types/data-type.ts';

export type ResultColumn = readonly [name: string, type: DataType, nullable: boolean];
export const text = (name: string, nullable = false): ResultColumn => [name, STRING, nullable];
export const flag = (name: string): ResultColumn => [name, BOOLEAN, false];

export function resultRows(columns: readonly ResultColumn[], rows: readonly (readonly Value[])[]): LogicalPlan {
  return {
    kind: 'localRelation',
    output: columns.map(([name, type, nullable]) => newAttribute(name, type, nullable)),
    rows: rows.map((row) => row.map((value, i) => literal(value, columns[i]![1]))),
  };
}
/** Of commands that only do something. */
export const noResult = (): LogicalPlan => resultRows([], []);

/** `*` stands for anything, `|` between alternatives; any case. Source: StringUtils.filterPattern. */
export function byPattern<T>(items: readonly T[], name: (item: T) => string, pattern: string | undefined): T[] {
  if (pattern === undefined) return [...items];
  const expressions = pattern
    .trim()
    .split('|')
    .map((p) => new RegExp(`^(?:${p.replaceAll('*', '.*')})$`, 'i'));
  return items.filter((item) => expressions.some((e) => e.test(name(item))));
}
