// XML files: records are elements of one name, each file is read as a whole and its records are taken apart in JavaScript (kernel/js-xml.ts).
// Source: XmlFileFormat, StaxXmlParser of Spark 4.2.
import { kernelPaths, quoteText } from '../../../common/kernel-quotes.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Scan } from '../logical/plans.ts';
import { defaultCorruptColumn, parseMode } from '../sources/csv-options.ts';
import { SourceOptions } from '../sources/options.ts';
import { xmlOptions } from '../sources/xml-options.ts';
import * as T from '../types/data-type.ts';
import { typeToJson } from '../types/type-json.ts';
import type { Emit } from './emit-context.ts';
import { duckdbType } from './duckdb-types.ts';
import type { FormatScan } from './scans.ts';

export function xmlScan(plan: Scan, emit: Emit): FormatScan {
  const options = new SourceOptions(plan.options);
  const mode = parseMode(options);
  const corrupt = options.text('columnNameOfCorruptRecord', defaultCorruptColumn(emit.settings));
  // A record is bad by all of its fields where that is asked for; else only what is wanted is looked at.
  const looksAtAll = mode !== 'PERMISSIVE' || plan.columns.includes(corrupt);
  const type = T.structType(plan.schema.fields.filter((f) => looksAtAll || plan.columns.includes(f.name)));
  const fields = type.fields.length > 0 ? type : T.structType([T.structField(corrupt, T.STRING)]);
  const rows = emit.jsFunction(...xmlFunction('xml_rows', fields, plan.options, emit.settings));
  const files = `read_blob(${kernelPaths(plan.files.map((f) => f.path))})`;
  const from = `(SELECT unnest(${rows}(content)) AS r, file_index FROM ${files}) xml`;
  const columns = plan.columns.map((name) => `struct_extract(struct_extract(r, 'v'), ${quoteText(name)})`);
  return { from, columns, ...(mode === 'DROPMALFORMED' && { where: `NOT struct_extract(r, 'bad')` }) };
}

const xmlFunction = (
  name: string,
  type: T.StructType,
  given: Readonly<Record<string, string>>,
  settings: SessionSettings,
): [string, ...string[]] => [name, typeToJson(type), duckdbType(type), ...xmlOptions(given, settings)];
