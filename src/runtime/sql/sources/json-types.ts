// Types of JSON records that the kernel's own look at structures does not tell: exact decimals, timestamps among texts, whole numbers of more than
// 64 bits. Each record is parsed here, a few hundred thousand a second. Source: JsonInferSchema of Spark 4.2.
import { canonical, type JsonInference, jsonType, mergedJson } from '../kernel/infer-schema.ts';
import { parseJson } from '../kernel/json-text.ts';
import { BadField, timeValue } from '../kernel/json-values.ts';
import * as T from '../types/data-type.ts';
import type { SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';

/** @param query gives records as text, all of them objects */
export async function typesOfRecords(query: string, options: SourceOptions, { kernel, settings }: SourceContext): Promise<T.StructField[]> {
  const how = inference(options, settings.timeZone);
  let type: T.DataType = T.NULL;
  for await (const { rows, columns } of kernel.query(query))
    for (let i = 0; i < rows; i++) {
      const json = parseJson(columns[0]![i] as string);
      if (json !== undefined) type = mergedJson(type, jsonType(json, how));
    }
  const found = canonical(type);
  return found.tag === 'struct' ? [...found.fields] : [];
}

function inference(options: SourceOptions, zone: string): JsonInference {
  const flag = (name: string) => String(options.flag(name, false));
  const given = { primitivesasstring: flag('primitivesAsString'), prefersdecimal: flag('prefersDecimal') };
  if (!options.flag('inferTimestamp', false)) return { options: given };
  const format = options.get('timestampFormat');
  const isTimestamp = (text: string): boolean => {
    try {
      return timeValue(text, 'timestamp', { zone, options: format === undefined ? {} : { timestampformat: format } }) !== null;
    } catch (error) {
      if (error instanceof BadField) return false;
      throw error;
    }
  };
  return { options: given, isTimestamp };
}
