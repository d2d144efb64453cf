// Maps of keys that may come twice: an error of the kernel's, or the last value counts, by spark.sql.mapKeyDedupPolicy.
// Source: ArrayBasedMapBuilder of Spark 4.2.
import { letAll } from './kernel-text.ts';
import type { SessionSettings } from './spec.ts';

export const lastKeyWins = ({ get }: SessionSettings): boolean => get('spark.sql.mapKeyDedupPolicy')?.toUpperCase() === 'LAST_WIN';

/** @param keys a list, not NULL; @param values as many. A key stands where it came first */
export function mapText(keys: string, values: string, settings: SessionSettings): string {
  if (!lastKeyWins(settings)) return `MAP(${keys}, ${values})`;
  return letAll([keys, values], (k, v) => {
    const once = `list_filter(${k}, lambda x, i: list_position(${k}, x) = i)`;
    const last = `list_transform(${once}, lambda x: list_reverse(${v})[list_position(list_reverse(${k}), x)])`;
    // A NULL among the keys is the error that it is in every map.
    return `CASE WHEN len(${k}) <> list_count(${k}) THEN MAP(${k}, ${v}) ELSE MAP(${once}, ${last}) END`;
  });
}
