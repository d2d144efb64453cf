// xpath and its kin on text. Source: UDFXPathUtil of Spark 4.2.
import { SparkRuntimeException } from '../errors/spark-error.ts';
import { byRow, type JsFunction } from './js-function.ts';
import { parseXml, type XmlNode } from './xml-tree.ts';
import { parseXPath } from './xpath.ts';
import { asBoolean, asNumber, asText, type XPathValue } from './xpath-functions.ts';

/** Java's narrowing of a double: nothing that is no number is 0, what is too large the largest. */
function whole(value: number, bits: number): bigint {
  if (Number.isNaN(value)) return 0n;
  const [least, most] = [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  if (value >= most) return BigInt(most) - 1n;
  return value <= least ? BigInt(least) : BigInt(Math.trunc(value));
}

const RESULTS: Readonly<Record<string, readonly [type: string, of: (value: XPathValue) => unknown]>> = {
  xpath_boolean: ['BOOLEAN', asBoolean],
  // A short is the low half of an int, as Java casts.
  xpath_short: ['SMALLINT', (v) => Number(BigInt.asIntN(16, whole(asNumber(v), 32)))],
  xpath_int: ['INTEGER', (v) => Number(whole(asNumber(v), 32))],
  xpath_long: ['BIGINT', (v) => whole(asNumber(v), 64)],
  xpath_float: ['FLOAT', asNumber],
  xpath_double: ['DOUBLE', asNumber],
  xpath_string: ['VARCHAR', asText],
  // Of elements NULL: only attributes and text have a value of their own.
  xpath: ['VARCHAR[]', (v) => (Array.isArray(v) ? (v as XmlNode[]).map((n) => (n.type === 'element' ? null : n.value)) : [])],
};

export const JS_XPATH: readonly JsFunction[] = Object.entries(RESULTS).map(([name, [returnType, of]]) => ({
  name,
  make: () => {
    const paths = new Map<string, ReturnType<typeof parseXPath>>();
    const evaluate = (xml: string, path: string): XPathValue => {
      let evaluator = paths.get(path);
      if (evaluator === undefined) paths.set(path, (evaluator = parseXPath(path)));
      return evaluator({ node: parseXml(xml), position: 1, size: 1 });
    };
    return {
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType,
      compute: byRow((xml: string, path: string) => {
        if (xml === '' || path === '') return null;
        try {
          return of(evaluate(xml, path)) as never;
        } catch (error) {
          throw new SparkRuntimeException('INVALID_XPATH', { xpath: path, reason: (error as Error).message });
        }
      }),
    };
  },
}));
