// XML in single values and records of XML files, in JavaScript: types and options are parameters, known when the query is planned.
// Source: xmlExpressions.scala, StaxXmlParser.scala, FailureSafeParser of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import * as T from '../types/data-type.ts';
import { typeFromJson, typeToJson } from '../types/type-json.ts';
import { sqlType } from '../types/type-names.ts';
import { byRow, type JsFunction } from './js-function.ts';
import { corruptAt, failFast, howOf } from './js-json.ts';
import { BadField } from './json-values.ts';
import { mergedXml, rowType, xmlSchema } from './xml/infer-xml.ts';
import { decodedXml, xmlRecords } from './xml/split-records.ts';
import { rootOf, type XmlRules, xmlRules } from './xml/xml-rules.ts';
import { xmlOfRow } from './xml/xml-text.ts';
import { PartialRow, structOf } from './xml/xml-values.ts';
import { MalformedXml, parseXml } from './xml-tree.ts';

const isBadRecord = (error: unknown): boolean => error instanceof BadField || error instanceof MalformedXml;

/**
 * Records that can't be read as the type are rows of NULLs (from the field that does not fit onward), with their text in the column for it.
 * @throws AnalysisException MALFORMED_RECORD_IN_PARSING with FAILFAST
 */
function reader(type: T.StructType, rules: XmlRules): (text: string) => { readonly isBad: boolean; readonly row: KernelValue[] } {
  const corrupt = corruptAt(type, rules.how);
  const isFailFast = rules.how.options.mode?.toUpperCase() === 'FAILFAST';
  return (text) => {
    try {
      return { isBad: false, row: structOf(rootOf(parseXml(text, true)), type, rules) };
    } catch (error) {
      if (!isBadRecord(error)) throw error;
      const read = error instanceof PartialRow ? error.row : [];
      const row = type.fields.map((_, i) => (i === corrupt ? text : (read[i] ?? null)));
      if (isFailFast) throw failFast(row.map((v) => v ?? 'null').join(','));
      return { isBad: true, row };
    }
  };
}

/** @returns undefined: it is not well-formed */
function inferred(text: string, rules: XmlRules): T.DataType | undefined {
  try {
    return rowType(rootOf(parseXml(text, true)), rules);
  } catch (error) {
    if (!isBadRecord(error)) throw error;
    return undefined;
  }
}

const corruptName = (options: Readonly<Record<string, string>>): string => options.columnnameofcorruptrecord ?? '_corrupt_record';

export function xmlSchemaText(text: string, options: Readonly<Record<string, string>>): string {
  const type = inferred(text, xmlRules({ zone: 'UTC', options }));
  return sqlType(type === undefined ? xmlSchema(T.structType([]), corruptName(options)) : xmlSchema(type));
}

/** What is found in one file: the type of its records, as JSON, and how many are not well-formed. */
export type InferredXml = { readonly type: string; readonly bad: number };

function inferFile(text: string, rules: XmlRules): InferredXml {
  let [type, bad]: [T.DataType, number] = [T.structType([]), 0];
  for (const record of xmlRecords(text, rules.how.options.rowtag!)) {
    const found = inferred(record, rules);
    if (found === undefined) bad++;
    else type = mergedXml(type, found, rules);
  }
  return { type: typeToJson(type), bad };
}

const textOfFile = (bytes: Uint8Array, { how: { options } }: XmlRules): string =>
  decodedXml(bytes, options.encoding ?? options.charset ?? 'utf-8');

export const JS_XML: readonly JsFunction[] = [
  {
    name: 'from_xml',
    make: (type, kernelType, zone, options) => {
      const read = reader(typeFromJson(type!) as T.StructType, xmlRules(howOf(zone!, options!)));
      return { parameterTypes: ['VARCHAR'], returnType: kernelType!, compute: byRow((text: string) => read(text).row) };
    },
  },
  {
    name: 'to_xml',
    make: (type, kernelType, zone, options) => {
      const [struct, how] = [typeFromJson(type!) as T.StructType, howOf(zone!, options!)];
      const depth = Number(how.options.depth ?? 0);
      return { parameterTypes: [kernelType!], returnType: 'VARCHAR', compute: byRow((v: KernelValue) => xmlOfRow(v, struct, how, depth)) };
    },
  },
  {
    // A file's records: whether each is bad, and its columns.
    name: 'xml_rows',
    make: (type, kernelType, zone, options) => {
      const rules = xmlRules(howOf(zone!, options!));
      const read = reader(typeFromJson(type!) as T.StructType, rules);
      const rowOf = (text: string): KernelValue => {
        const { isBad, row } = read(text);
        return [isBad, row];
      };
      const compute = byRow((bytes: Uint8Array) => xmlRecords(textOfFile(bytes, rules), rules.how.options.rowtag!).map(rowOf));
      return { parameterTypes: ['BLOB'], returnType: `STRUCT(bad BOOLEAN, v ${kernelType})[]`, compute };
    },
  },
  {
    name: 'xml_types',
    make: (zone, options) => {
      const rules = xmlRules(howOf(zone!, options!));
      const compute = byRow((bytes: Uint8Array) => JSON.stringify(inferFile(textOfFile(bytes, rules), rules)));
      return { parameterTypes: ['BLOB'], returnType: 'VARCHAR', compute };
    },
  },
];
