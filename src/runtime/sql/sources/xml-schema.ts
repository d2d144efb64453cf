// The schema of XML files: what all records have, merged. Source: XmlInferSchema of Spark 4.2.
import { kernelPaths } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { scalarFunction, sqlNameOf } from '../kernel/js-functions.ts';
import type { InferredXml } from '../kernel/js-xml.ts';
import { mergedXml, xmlSchema } from '../kernel/xml/infer-xml.ts';
import { xmlRules } from '../kernel/xml/xml-rules.ts';
import * as T from '../types/data-type.ts';
import { typeFromJson } from '../types/type-json.ts';
import { parseMode } from './csv-options.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';
import { xmlOptions } from './xml-options.ts';

export async function xmlFilesSchema(
  files: readonly ListedFile[],
  given: Readonly<Record<string, string>>,
  options: SourceOptions,
  { kernel, settings }: SourceContext,
): Promise<T.StructType> {
  const parameters = xmlOptions(given, settings);
  const infer = sqlNameOf('xml_types', parameters);
  await kernel.registerScalar(scalarFunction('xml_types', parameters, infer));
  const found = await kernelRows(kernel, `SELECT ${infer}(content) FROM read_blob(${kernelPaths(files.map((f) => f.path))})`);
  const all = found.map(([json]) => JSON.parse(json as string) as InferredXml);
  const [zone, asked] = parameters;
  const how = { zone, options: JSON.parse(asked) as Record<string, string> };
  const type = all.map((f) => typeFromJson(f.type)).reduce((a, b) => mergedXml(a, b, xmlRules(how)), T.structType([]));
  const hasBad = all.some((f) => f.bad > 0);
  const mode = parseMode(options);
  if (hasBad && mode === 'FAILFAST')
    throw new AnalysisException('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { badRecord: '', failFastMode: 'FAILFAST' });
  return xmlSchema(type, hasBad && mode === 'PERMISSIVE' ? how.options.columnnameofcorruptrecord : undefined);
}
