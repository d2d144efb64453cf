// grouping(c) and grouping_id(…): they mean something only above grouping sets, so they stay marks until the aggregate puts the grouping id's
// bits in their place (relations/grouping-sets.ts). Source: Grouping and GroupingID of Spark 4.2.
import type { Call, Expr } from '../logical/expressions.ts';
import type { ScalarSpec } from '../functions/spec.ts';
import type { Origin } from '../plan/origin.ts';
import { BYTE, LONG } from '../types/data-type.ts';

const GROUPING: ScalarSpec = { name: 'grouping', kind: 'scalar', arity: [1, 1], result: BYTE, nullable: false };
const GROUPING_ID: ScalarSpec = {
  name: 'grouping_id',
  kind: 'scalar',
  arity: [0, Number.POSITIVE_INFINITY],
  result: LONG,
  nullable: false,
};

export const groupingCall = (name: 'grouping' | 'grouping_id', args: readonly Expr[], origin: Origin | undefined): Call => ({
  kind: 'call',
  spec: name === 'grouping' ? GROUPING : GROUPING_ID,
  args,
  dataType: name === 'grouping' ? BYTE : LONG,
  nullable: false,
  origin,
});

export const isGroupingCall = (e: Expr): e is Call => e.kind === 'call' && (e.spec === GROUPING || e.spec === GROUPING_ID);
export const isGroupingId = (e: Call): boolean => e.spec === GROUPING_ID;
