// What each format writes: columns of the file, options of the kernel's COPY, the end of the file's name, and which types it can't.
// Source: ParquetOptions, CSVOptions, JSONOptions, TextFileFormat of Spark 4.2.
import { quoteName, quoteText } from '../../../../common/kernel-quotes.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { ArrowCodec } from '../../../../common/arrow-files.ts';
import type { FinishFile } from '../../../rdd/sql-fragment.ts';
import { arrowField } from '../../types/arrow-types.ts';
import type { DataType, StructType } from '../../types/data-type.ts';
import { typeToJson } from '../../types/type-json.ts';
import { sqlType } from '../../types/type-names.ts';
import { csvOptions } from '../csv-options.ts';
import { FORMAT_NAMES, type FileFormat } from '../formats.ts';
import { SourceOptions } from '../options.ts';
import { xmlOptions } from '../xml-options.ts';
import { asNullable, SPARK_SCHEMA_KEY } from '../parquet-schema.ts';
import { END_MARK, textFile, unknownCodec } from './text-file.ts';
import { jsonObject, plainText, type WriteFormats } from './plain-text.ts';

/** `columns` are select items over `o0`, `o1` …; `extension` begins with a dot. */
export type CopyFormat = {
  readonly columns: readonly string[];
  readonly options: readonly string[];
  readonly extension: string;
  readonly finish?: FinishFile;
};

export function copyFormat(
  format: FileFormat,
  schema: StructType,
  given: Readonly<Record<string, string>>,
  settings: SessionSettings,
): CopyFormat {
  for (const field of schema.fields) checkType(format, field.name, field.dataType);
  const options = new SourceOptions(given);
  const values = schema.fields.map((_, i) => `o${i}`);
  const formats: WriteFormats = {
    timeZone: options.text('timeZone', settings.timeZone),
    dateFormat: options.get('dateFormat'),
    timestampFormat: options.get('timestampFormat'),
    timestampNtzFormat: options.get('timestampNTZFormat'),
    ignoreNullFields: options.flag('ignoreNullFields', settings.get('spark.sql.jsonGenerator.ignoreNullFields') !== 'false'),
  };
  switch (format) {
    case 'parquet':
      return parquet(schema, values, options, settings);
    case 'csv':
      return csv(schema, values, given, options, settings, formats);
    case 'json':
      return lines(jsonObject(values, schema, formats), options, '.json');
    case 'text':
      if (schema.fields.length !== 1) throw new AnalysisException('TEXT_SINGLE_COLUMN', { count: String(schema.fields.length) });
      return lines(`coalesce(o0, '')`, withoutEncoding(given), '.txt');
    case 'arrow':
      return arrow(schema, values, options, settings);
    case 'xml':
      return xml(given, options, settings);
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `Writing ${FORMAT_NAMES[format]}` });
  }
}

/** Text is always UTF-8. */
const withoutEncoding = (given: Readonly<Record<string, string>>): SourceOptions =>
  new SourceOptions(Object.fromEntries(Object.entries(given).filter(([name]) => !/^(encoding|charset)$/i.test(name))));

const PARQUET_CODECS: Readonly<Record<string, readonly [codec: string, extension: string]>> = {
  none: ['uncompressed', ''],
  uncompressed: ['uncompressed', ''],
  snappy: ['snappy', '.snappy'],
  gzip: ['gzip', '.gz'],
  zstd: ['zstd', '.zstd'],
  brotli: ['brotli', '.br'],
  lz4: ['lz4_raw', '.lz4raw'],
  lz4_raw: ['lz4_raw', '.lz4raw'],
};

function parquet(schema: StructType, values: readonly string[], options: SourceOptions, settings: SessionSettings): CopyFormat {
  const name =
    options.get('compression') ?? options.get('parquet.compression') ?? settings.get('spark.sql.parquet.compression.codec') ?? 'snappy';
  const codec = PARQUET_CODECS[name.toLowerCase()];
  if (codec === undefined) throw unknownCodec(name, Object.keys(PARQUET_CODECS));
  // Spark's own schema says what Parquet's types don't. By the version Spark knows that dates are of today's calendar.
  const metadata = `{${quoteText(SPARK_SCHEMA_KEY)}: ${quoteText(typeToJson(asNullable(schema)))}, 'org.apache.spark.version': '4.2.0'}`;
  return {
    columns: schema.fields.map((f, i) => `${values[i]} AS ${quoteName(f.name)}`),
    options: ['FORMAT parquet', `COMPRESSION ${codec[0]}`, `KV_METADATA ${metadata}`],
    extension: `${codec[1]}.parquet`,
  };
}

const ARROW_CODECS: Readonly<Record<string, ArrowCodec | undefined>> = {
  none: undefined,
  uncompressed: undefined,
  lz4: 'lz4',
  zstd: 'zstd',
};

/** The kernel writes Parquet, which becomes Arrow (rdd/finish-arrow.ts): by position, so that its columns need no names. */
function arrow(schema: StructType, values: readonly string[], options: SourceOptions, settings: SessionSettings): CopyFormat {
  const name = options.text('compression', 'none').toLowerCase();
  if (!(name in ARROW_CODECS)) throw unknownCodec(name, Object.keys(ARROW_CODECS));
  const codec = ARROW_CODECS[name];
  const fields = (asNullable(schema) as StructType).fields.map((f) => arrowField(f, options.text('timeZone', settings.timeZone), 'timeUs'));
  return {
    columns: values.map((value, i) => `${value} AS c${i}`),
    options: ['FORMAT parquet', 'COMPRESSION uncompressed'],
    extension: codec === undefined ? '.arrow' : `.${codec}.arrow`,
    finish: { kind: 'arrow', fields, ...(codec && { codec }) },
  };
}

function csv(
  schema: StructType,
  values: readonly string[],
  given: Readonly<Record<string, string>>,
  options: SourceOptions,
  settings: SessionSettings,
  formats: WriteFormats,
): CopyFormat {
  const { separator, quote, escape, header, nullValue } = csvOptions(given, settings);
  const [trimLeft, trimRight] = [options.flag('ignoreLeadingWhiteSpace', true), options.flag('ignoreTrailingWhiteSpace', true)];
  const trimmed = (text: string) =>
    trimLeft && trimRight ? `trim(${text})` : trimLeft ? `ltrim(${text})` : trimRight ? `rtrim(${text})` : text;
  const [isQuoted, empty] = [options.flag('quoteAll', false), options.get('emptyValue')];
  const told = (text: string) => (empty === undefined ? text : `CASE WHEN ${text} = '' THEN ${quoteText(empty)} ELSE ${text} END`);
  // The kernel never quotes what stands for NULL.
  const cell = (text: string) => (isQuoted ? `coalesce(${told(text)}, ${quoteText(nullValue)})` : told(text));
  const { copy, finish, extension } = textFile(options, { kind: 'quoted', quote, escape });
  return {
    columns: schema.fields.map((f, i) => `${cell(trimmed(plainText(values[i]!, f.dataType, formats)))} AS ${quoteName(f.name)}`),
    options: [
      'FORMAT csv',
      `HEADER ${header}`,
      `DELIMITER ${quoteText(separator)}`,
      `QUOTE ${quoteText(quote)}`,
      `ESCAPE ${quoteText(quote === '' ? '' : escape)}`,
      `NULLSTR ${quoteText(nullValue)}`,
      ...(isQuoted ? ['FORCE_QUOTE *'] : []),
      copy,
    ],
    extension: `.csv${extension}`,
    ...(finish && { finish }),
  };
}

/** Lines as they are: the kernel's CSV writer without anything that it could quote. */
function lines(text: string, options: SourceOptions, name: string): CopyFormat {
  const { copy, finish, extension } = textFile(options, { kind: 'marked', mark: END_MARK });
  return {
    columns: [finish?.lineSep === undefined ? `${text} AS line` : `(${text}) || ${quoteText(END_MARK)} AS line`],
    options: ['FORMAT csv', 'HEADER false', `DELIMITER '\u0001'`, `QUOTE ''`, `ESCAPE ''`, `NULLSTR ''`, copy],
    extension: `${name}${extension}`,
    ...(finish && { finish }),
  };
}

/** Rows are elements already (engine/plan-to-write.ts): each file has a root around them. */
function xml(given: Readonly<Record<string, string>>, options: SourceOptions, settings: SessionSettings): CopyFormat {
  xmlOptions(given, settings);
  const root = options.text('rootTag', 'ROWS');
  const declaration = options.text('declaration', 'version="1.0" encoding="UTF-8" standalone="yes"');
  const before = `${declaration === '' ? '' : `<?xml ${declaration}?>\n`}<${root}>\n`;
  const made = lines('o0', options, '.xml');
  return { ...made, options: [...made.options, `PREFIX ${quoteText(before)}`, `SUFFIX ${quoteText(`\n</${root.split(' ')[0]}>`)}`] };
}

/** @throws AnalysisException UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE */
function checkType(format: FileFormat, column: string, type: DataType): void {
  if (canWrite(format, type)) return;
  throw new AnalysisException('UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE', {
    format: FORMAT_NAMES[format],
    columnName: `\`${column}\``,
    columnType: `"${sqlType(type)}"`,
  });
}

function canWrite(format: FileFormat, type: DataType): boolean {
  if (format === 'text') return type.tag === 'string' || type.tag === 'char' || type.tag === 'varchar';
  switch (type.tag) {
    case 'array':
      return format !== 'csv' && canWrite(format, type.elementType);
    case 'map':
      return format !== 'csv' && canWrite(format, type.keyType) && canWrite(format, type.valueType);
    case 'struct':
      return format !== 'csv' && type.fields.every((f) => canWrite(format, f.dataType));
    case 'null':
      return format === 'json' || format === 'arrow';
    case 'binary':
      return format !== 'csv';
    case 'calendarInterval':
    case 'geography':
    case 'geometry':
    case 'variant':
      return false;
    case 'dayTimeInterval':
    case 'yearMonthInterval':
    case 'time':
      return format === 'parquet' || format === 'arrow';
    default:
      return true;
  }
}
