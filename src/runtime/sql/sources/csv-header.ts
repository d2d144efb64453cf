// `enforceSchema=false`: each file's header has to have the schema's names in the schema's order. Source: CSVHeaderChecker of Spark 4.2.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { conditionSentence } from '../errors/conditions.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { CsvOptions } from './csv-options.ts';
import { firstLine, splitLine } from './csv-schema.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceOptions } from './options.ts';
import { shownPath } from './paths.ts';

type Checked = {
  readonly options: CsvOptions;
  readonly source: SourceOptions;
  readonly kernel: SqlKernel;
  readonly settings: SessionSettings;
};

/** @param names of the schema, without partition columns. @throws AnalysisException FAILED_READ_FILE.NO_HINT, the reason in its text */
export async function checkHeaders(
  files: readonly ListedFile[],
  names: readonly string[],
  { options, source, kernel, settings }: Checked,
): Promise<void> {
  const schema = names.filter((name) => name !== options.corruptColumn);
  const isExact = settings.get('spark.sql.caseSensitive') === 'true';
  for (const file of files) {
    const line = await firstLine([file], options, source, kernel);
    const header = line === undefined ? undefined : splitLine(line, options).map((name) => name ?? '');
    const why = header && difference(header, schema, isExact);
    if (why === undefined) continue;
    const parameters = { path: shownPath(file.path) };
    const sentence = `${conditionSentence('FAILED_READ_FILE.NO_HINT', parameters).trim()} ${why}\nCSV file: ${shownPath(file.path)}`;
    throw new AnalysisException('FAILED_READ_FILE.NO_HINT', parameters, undefined, sentence);
  }
}

function difference(header: readonly string[], schema: readonly string[], isExact: boolean): string | undefined {
  if (header.length !== schema.length)
    return `Number of column in CSV header is not equal to number of fields in the schema:\n Header length: ${header.length}, schema size: ${schema.length}`;
  const at = header.findIndex((name, i) => (isExact ? name !== schema[i] : name.toLowerCase() !== schema[i]!.toLowerCase()));
  return at < 0
    ? undefined
    : `CSV header does not conform to the schema.\n Header: ${header.join(', ')}\n Schema: ${schema.join(', ')}\nExpected: ${schema[at]} but found: ${header[at]}`;
}
