// Maps from text in JavaScript. Source: StringToMap of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

const patterns = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  let pattern = patterns.get(text);
  if (pattern === undefined) patterns.set(text, (pattern = new RegExp(text, 'u')));
  return pattern;
}

/** Delimiters are patterns; a pair without the second has no value. */
function strToMap(text: string, pairs: string, keyValue: string): [string, string | null][] {
  const seen = new Set<string>();
  return text.split(patternOf(pairs)).map((pair) => {
    const at = patternOf(keyValue).exec(pair);
    const key = at === null ? pair : pair.slice(0, at.index);
    if (seen.has(key)) throw new AnalysisException('DUPLICATED_MAP_KEY', { key, mapKeyDedupPolicy: '"spark.sql.mapKeyDedupPolicy"' });
    seen.add(key);
    return [key, at === null ? null : pair.slice(at.index + at[0].length)];
  });
}

export const JS_MAPS: readonly JsFunction[] = [
  jsFunction('str_to_map', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'MAP(VARCHAR, VARCHAR)', byRow(strToMap)),
];
