// Values as CSV and JSON files have them, in the kernel's words. Source: UnivocityGenerator and JacksonGenerator of Spark 4.2.
import { quoteText } from '../../../../common/kernel-quotes.ts';
import type { DataType, StructType } from '../../types/data-type.ts';
import { kernelFormats } from '../datetime-pattern.ts';

export type WriteFormats = {
  readonly timeZone: string;
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly timestampNtzFormat: string | undefined;
  readonly ignoreNullFields: boolean;
};

const LOCAL = '%Y-%m-%dT%H:%M:%S.%g';

/** Without quotes. @param value an expression; NULL gives NULL */
export function plainText(value: string, type: DataType, formats: WriteFormats): string {
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
    case 'variant':
      return value;
    case 'date':
      return strftime(value, formats.dateFormat, '%Y-%m-%d');
    case 'timestamp': {
      const local = `timezone(${quoteText(formats.timeZone)}, ${value})`;
      return formats.timestampFormat === undefined
        ? `(strftime(${local}, '${LOCAL}') || ${offset(value, local)})`
        : strftime(local, formats.timestampFormat, LOCAL);
    }
    case 'timestamp_ntz':
      return strftime(value, formats.timestampNtzFormat, LOCAL);
    case 'float':
    case 'double':
      return `CASE WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN CASE WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END ELSE ${value}::VARCHAR END`;
    case 'binary':
      return `to_base64(${value})`;
    case 'decimal':
      // With no place before the point the kernel writes none: `.5`.
      return type.precision > type.scale ? `${value}::VARCHAR` : `regexp_replace(${value}::VARCHAR, '^(-?)[.]', '\\10.')`;
    default:
      return `${value}::VARCHAR`;
  }
}

const strftime = (value: string, pattern: string | undefined, otherwise: string): string =>
  `strftime(${value}, ${quoteText(pattern === undefined ? otherwise : kernelFormats(pattern)[0]!)})`;

/** `Z`, `+01:00`, `-07:52:58`: before there were zones, towns had seconds of their own. */
function offset(instant: string, local: string): string {
  const seconds = `date_diff('second', timezone('UTC', ${instant}), ${local})`;
  const part = (of: number) => `abs(${seconds}) // ${of} % 60`;
  const odd = `CASE WHEN ${seconds} % 60 = 0 THEN '' ELSE printf(':%02d', abs(${seconds}) % 60) END`;
  return `CASE WHEN ${seconds} = 0 THEN 'Z' ELSE printf('%s%02d:%02d', CASE WHEN ${seconds} < 0 THEN '-' ELSE '+' END, ${part(3600)}, ${part(60)}) || ${odd} END`;
}

let lambdas = 0;

/** A value as JSON; NULL for NULL. */
export function jsonText(value: string, type: DataType, formats: WriteFormats): string {
  switch (type.tag) {
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
      return plainText(value, type, formats);
    case 'float':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN ${value}::VARCHAR WHEN ${value} IS NOT NULL THEN '"' || ${plainText(value, type, formats)} || '"' END`;
    case 'variant':
      return value;
    case 'array': {
      const item = `w${++lambdas}`;
      return `('[' || array_to_string(list_transform(${value}, lambda ${item}: coalesce(${jsonText(item, type.elementType, formats)}, 'null')), ',') || ']')`;
    }
    case 'map': {
      const item = `w${++lambdas}`;
      const [key, text] = [`to_json((${item}.key)::VARCHAR)::VARCHAR`, jsonText(`(${item}.value)`, type.valueType, formats)];
      return `('{' || array_to_string(list_transform(map_entries(${value}), lambda ${item}: ${key} || ':' || coalesce(${text}, 'null')), ',') || '}')`;
    }
    case 'struct': {
      const fields = type.fields.map((f) => `struct_extract(${value}, ${quoteText(f.name)})`);
      return `CASE WHEN ${value} IS NOT NULL THEN ${jsonObject(fields, type, formats)} END`;
    }
    default:
      return `to_json(${plainText(value, type, formats)})::VARCHAR`;
  }
}

/** A row or a struct: fields that are NULL are left out, unless asked for. */
export function jsonObject(values: readonly string[], { fields }: StructType, formats: WriteFormats): string {
  const texts = fields.map((f, i) => {
    const text = jsonText(values[i]!, f.dataType, formats);
    const key = quoteText(`${JSON.stringify(f.name)}:`);
    return formats.ignoreNullFields ? `(${key} || ${text})` : `(${key} || coalesce(${text}, 'null'))`;
  });
  return `('{' || concat_ws(',', ${texts.join(', ')}) || '}')`;
}
