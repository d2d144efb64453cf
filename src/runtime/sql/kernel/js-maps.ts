// Maps from text in JavaScript. Source: StringToMap of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction } from './js-function.ts';

const patterns = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  let pattern = patterns.get(text);
  if (pattern === undefined) patterns.set(text, (pattern = new RegExp(text, 'u')));
  return pattern;
}

/** Delimiters are patterns; a pair without the second has no value. */
function strToMap(text: string, pairs: string, keyValue: string, lastWins: boolean): [string, string | null][] {
  const made = new Map<string, string | null>();
  for (const pair of text.split(patternOf(pairs))) {
    const at = patternOf(keyValue).exec(pair);
    const key = at === null ? pair : pair.slice(0, at.index);
    if (made.has(key) && !lastWins)
      throw new AnalysisException('DUPLICATED_MAP_KEY', { key, mapKeyDedupPolicy: '"spark.sql.mapKeyDedupPolicy"' });
    made.set(key, at === null ? null : pair.slice(at.index + at[0].length));
  }
  return [...made];
}

export const JS_MAPS: readonly JsFunction[] = [
  {
    name: 'str_to_map',
    make: (twice) => ({
      parameterTypes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
      returnType: 'MAP(VARCHAR, VARCHAR)',
      compute: byRow((text: string, pairs: string, keyValue: string) => strToMap(text, pairs, keyValue, twice === 'last')),
    }),
  },
];
