// Accumulators that have a name are shown with their tasks and stages. Source: Spark's AccumulatorV2.toInfo.
import type { AccumulableInfo } from '../../../status/events.ts';
import { type AnyAccumulator, SqlMetric } from '../../rdd/accumulators.ts';

/** By which Spark knows metrics of SQL. Source: AccumulatorContext.SQL_ACCUM_IDENTIFIER. */
export const SQL = 'sql';

/** @param updates of one task, merged already: the value is what is known after it */
export function namedAccumulators(
  updates: readonly (readonly [number, unknown])[],
  accumulators: { get(id: number): AnyAccumulator | undefined },
): AccumulableInfo[] {
  const named: AccumulableInfo[] = [];
  for (const [id, update] of updates) {
    const accumulator = accumulators.get(id);
    if (accumulator?.name === undefined) continue;
    if (accumulator instanceof SqlMetric) {
      const metric = { id, name: accumulator.name, internal: true, countFailedValues: true, metadata: SQL } as const;
      named.push({ ...metric, update: (update as readonly number[])[0], value: accumulator.value });
      continue;
    }
    const info = { id, name: accumulator.name, internal: false, countFailedValues: false } as const;
    if (accumulator.kind === 'collection') named.push({ ...info, update: undefined, value: listText(accumulator.value as unknown[]) });
    else named.push({ ...info, update: (update as readonly number[])[0], value: accumulator.value });
  }
  return named;
}

/** It grows with every task: its beginning and its length say enough. */
const SHOWN_ITEMS = 10;
function listText(values: readonly unknown[]): string {
  const first = values.slice(0, SHOWN_ITEMS).map((value) => (typeof value === 'object' ? 'object' : String(value)));
  return `[${first.join(', ')}${values.length > SHOWN_ITEMS ? `, … ${values.length} in all` : ''}]`;
}
