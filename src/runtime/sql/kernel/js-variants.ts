// Functions on VARIANT in JavaScript. Its form in the kernel: variants/variant.ts. Source: variantExpressions.scala of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { typeFromJson } from '../types/type-json.ts';
import { byRow, byRowWithNulls, type JsFunction, jsFunction } from './js-function.ts';
import { decoded, encoded, isList, isVariantObject } from './variants/variant.ts';
import { castVariant, toVariant } from './variants/variant-cast.ts';
import { variantAt } from './variants/variant-path.ts';
import { mergedSchema, schemaOfVariant, schemaText } from './variants/variant-schema.ts';
import { variantOfJson } from './variants/variant-of-json.ts';
import { shownVariant } from './variants/variant-text.ts';
import { NULL } from '../types/data-type.ts';

function parsed(text: string): string {
  const made = variantOfJson(text);
  if (made === undefined)
    throw new AnalysisException('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { badRecord: text, failFastMode: 'FAILFAST' });
  return encoded(made);
}

/** Types and zone are parameters; `functionName` is the one that a bad path is told of. */
const get = (name: string, functionName: string, isTry: boolean): JsFunction => ({
  name,
  make: (type, kernelType, zone) => {
    const to = typeFromJson(type!);
    return {
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType: kernelType!,
      compute: byRow((text: string, path: string) => {
        const found = variantAt(decoded(text), path, functionName);
        return found === undefined ? null : castVariant(found, to, { zone: zone!, isTry });
      }),
    };
  },
});

export const JS_VARIANTS: readonly JsFunction[] = [
  jsFunction('parse_json', ['VARCHAR'], 'VARCHAR', byRow(parsed)),
  jsFunction(
    'try_parse_json',
    ['VARCHAR'],
    'VARCHAR',
    byRow((text: string) => {
      try {
        return parsed(text);
      } catch (error) {
        if (error instanceof AnalysisException) return null;
        throw error;
      }
    }),
  ),
  get('variant_get', 'variant_get', false),
  get('try_variant_get', 'try_variant_get', true),
  {
    name: 'cast_variant',
    make: (type, kernelType, zone, mode) => {
      const to = typeFromJson(type!);
      const how = { zone: zone!, isTry: mode === 'try' };
      return {
        parameterTypes: ['VARCHAR'],
        returnType: kernelType!,
        compute: byRow((text: string) => castVariant(decoded(text), to, how)),
      };
    },
  },
  {
    name: 'to_variant',
    make: (type, kernelType) => {
      const from = typeFromJson(type!);
      return {
        parameterTypes: [kernelType!],
        returnType: 'VARCHAR',
        compute: byRow((value: KernelValue) => (from.tag === 'variant' ? value : encoded(toVariant(value, from)))),
      };
    },
  },
  {
    name: 'variant_text',
    make: (zone) => ({ parameterTypes: ['VARCHAR'], returnType: 'VARCHAR', compute: byRow((text: string) => shownVariant(text, zone!)) }),
  },
  jsFunction(
    'is_variant_null',
    ['VARCHAR'],
    'BOOLEAN',
    byRowWithNulls((text: string | null) => text === 'null'),
  ),
  jsFunction(
    'schema_of_variant',
    ['VARCHAR'],
    'VARCHAR',
    byRow((text: string) => schemaText(schemaOfVariant(decoded(text)))),
  ),
  jsFunction(
    'schema_of_variants',
    ['VARCHAR[]'],
    'VARCHAR',
    byRowWithNulls((texts: readonly (string | null)[] | null) =>
      schemaText((texts ?? []).map((t) => (t === null ? NULL : schemaOfVariant(decoded(t)))).reduce(mergedSchema, NULL)),
    ),
  ),
  jsFunction(
    'variant_entries',
    ['VARCHAR'],
    'STRUCT(pos INTEGER, "key" VARCHAR, "value" VARCHAR)[]',
    byRow((text: string) => {
      const v = decoded(text);
      if (isList(v)) return v.map((item, i) => [i, null, encoded(item)]);
      return isVariantObject(v) ? v.entries.map(([key, value], i) => [i, key, encoded(value)]) : [];
    }),
  ),
];
