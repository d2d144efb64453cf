// DuckDB's value objects ↔ plain values as common/sql-kernel.ts says. Reading results and JavaScript functions stand on it.
import type * as Duckdb from '@duckdb/node-api';
import type { KernelValue } from '../common/sql-kernel.ts';

/** DuckDB's value objects as plain values (common/sql-kernel.ts says which). */
export function plainValue(value: Duckdb.DuckDBValue): KernelValue {
  if (value === null || typeof value !== 'object') return value as KernelValue;
  if ('days' in value && 'months' in value) return { months: value.months, days: value.days, microseconds: value.micros };
  if ('days' in value) return value.days;
  if ('micros' in value) return value.micros;
  if ('scale' in value) return decimalText(value.value, value.scale);
  if ('bytes' in value) return value.bytes;
  if ('items' in value) return value.items.map(plainValue);
  if ('entries' in value) {
    const { entries } = value;
    return Array.isArray(entries)
      ? entries.map(({ key, value: v }) => [plainValue(key), plainValue(v)])
      : Object.values(entries).map(plainValue);
  }
  throw new Error(`A value of DuckDB that nobody decodes: ${String(value)}`);
}

export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

type Api = typeof Duckdb;
type ToDuckdb = (value: KernelValue) => Duckdb.DuckDBValue;

/** What brings plain values to a type of DuckDB. @throws Error for types that no function of ours gives */
export function toDuckdb(type: Duckdb.DuckDBType, api: Api): ToDuckdb {
  const make = maker(type, api);
  return (value) => (value === null || value === undefined ? null : make(value));
}

function maker(type: Duckdb.DuckDBType, api: Api): ToDuckdb {
  const id = api.DuckDBTypeId;
  switch (type.typeId) {
    case id.BOOLEAN:
    case id.TINYINT:
    case id.SMALLINT:
    case id.INTEGER:
    case id.FLOAT:
    case id.DOUBLE:
    case id.VARCHAR:
      return (v) => v as Duckdb.DuckDBValue;
    case id.BIGINT:
    case id.HUGEINT:
      return (v) => (typeof v === 'number' ? BigInt(v) : (v as bigint));
    case id.DECIMAL: {
      const { width, scale } = type as Duckdb.DuckDBDecimalType;
      return (v) => new api.DuckDBDecimalValue(unscaled(v as string, scale), width, scale);
    }
    case id.BLOB:
      return (v) => new api.DuckDBBlobValue(v as Uint8Array);
    case id.DATE:
      return (v) => new api.DuckDBDateValue(v as number);
    case id.TIMESTAMP:
      return (v) => new api.DuckDBTimestampValue(v as bigint);
    case id.TIMESTAMP_TZ:
      return (v) => new api.DuckDBTimestampTZValue(v as bigint);
    case id.TIME:
      return (v) => new api.DuckDBTimeValue(v as bigint);
    case id.INTERVAL:
      return (v) => {
        const { months, days, microseconds } = v as { months: number; days: number; microseconds: bigint };
        return new api.DuckDBIntervalValue(months, days, microseconds);
      };
    case id.LIST: {
      const item = toDuckdb((type as Duckdb.DuckDBListType).valueType, api);
      return (v) => new api.DuckDBListValue((v as readonly KernelValue[]).map(item));
    }
    case id.STRUCT: {
      const { entryNames, entryTypes } = type as Duckdb.DuckDBStructType;
      const fields = entryTypes.map((t) => toDuckdb(t, api));
      return (v) =>
        new api.DuckDBStructValue(Object.fromEntries(entryNames.map((n, i) => [n, fields[i]!((v as readonly KernelValue[])[i] ?? null)])));
    }
    case id.MAP: {
      const { keyType, valueType } = type as Duckdb.DuckDBMapType;
      const [key, item] = [toDuckdb(keyType, api), toDuckdb(valueType, api)];
      return (v) => new api.DuckDBMapValue((v as [KernelValue, KernelValue][]).map(([k, x]) => ({ key: key(k), value: item(x) })));
    }
    default:
      throw new Error(`A JavaScript function can't give DuckDB's type ${type}`);
  }
}

/** @param text a decimal without exponent, with no more digits after the point than `scale` */
function unscaled(text: string, scale: number): bigint {
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  return BigInt(whole + fraction.padEnd(scale, '0'));
}
