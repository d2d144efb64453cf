// Arrow tables by the package apache-arrow, whose one door this is. It is loaded when the first table is asked for. Types and values are those of
// common/arrow-column.ts; which of Spark's types they are is sql/api/arrow.ts.
import type * as Arrow from 'apache-arrow';
import type { ArrowContent, ArrowField, ArrowRows, ArrowTables, ArrowType } from '../common/arrow-column.ts';
import type { KernelColumn, KernelValue } from '../common/sql-kernel.ts';

let arrow: typeof Arrow;

export async function loadArrow(): Promise<typeof Arrow> {
  arrow ??= await import('apache-arrow');
  return arrow;
}

export async function loadArrowTables(): Promise<ArrowTables> {
  await loadArrow();
  return arrowTables;
}

const arrowTables: ArrowTables = {
  table(fields, batches) {
    const schema = schemaOf(fields);
    return new arrow.Table(
      schema,
      batches.map((rows) => batchOf(schema, fields, rows)),
    );
  },
  read(given) {
    const table = tableOf(given);
    if (table === undefined) return undefined;
    const fields = table.schema.fields.map(plainField);
    const columns = fields.map((f, i) => table.getChildAt(i)!.data.flatMap((data) => valuesOf(data, f.type)));
    return { fields, columns, rows: table.numRows } satisfies ArrowContent;
  },
};

export const schemaOf = (fields: readonly ArrowField[]): Arrow.Schema => new arrow.Schema(fields.map(fieldOf));

/** @param fields the schema's */
export function batchOf(schema: Arrow.Schema, fields: readonly ArrowField[], { rows, columns }: ArrowRows): Arrow.RecordBatch {
  const children = fields.map((f, i) => dataOf(f.type, columns[i]!, rows));
  return new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows, nullCount: 0, children }));
}

/** By its looks: the program may have another copy of the package. */
function tableOf(given: unknown): Pick<Arrow.Table, 'schema' | 'getChildAt' | 'numRows'> | undefined {
  if (given instanceof Uint8Array) return arrow.tableFromIPC(given);
  return typeof (given as { getChildAt?: unknown } | null)?.getChildAt === 'function' ? (given as Arrow.Table) : undefined;
}

const fieldOf = (f: ArrowField): Arrow.Field => new arrow.Field(f.name, typeOf(f.type), f.nullable);

function typeOf(type: ArrowType): Arrow.DataType {
  switch (type.kind) {
    case 'null':
      return new arrow.Null();
    case 'bool':
      return new arrow.Bool();
    case 'utf8':
      return new arrow.Utf8();
    case 'binary':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'timeNs':
      return new arrow.TimeNanosecond();
    case 'timeUs':
      return new arrow.TimeMicrosecond();
    case 'durationUs':
      return new arrow.DurationMicrosecond();
    case 'yearMonth':
      return new arrow.IntervalYearMonth();
    case 'int':
      return { 8: new arrow.Int8(), 16: new arrow.Int16(), 32: new arrow.Int32(), 64: new arrow.Int64() }[type.bits];
    case 'float':
      return type.bits === 32 ? new arrow.Float32() : new arrow.Float64();
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, 128);
    case 'timestampUs':
      return new arrow.TimestampMicrosecond(type.timeZone ?? null);
    case 'list':
      return new arrow.List(fieldOf(type.element));
    case 'map':
      return new arrow.Map_(new arrow.Field('entries', new arrow.Struct([fieldOf(type.key), fieldOf(type.value)]), false) as never, false);
    case 'struct':
      return new arrow.Struct(type.fields.map(fieldOf));
  }
}

/** A column of a batch. */
function dataOf(of: ArrowType, values: KernelColumn, length: number): Arrow.Data {
  const type = typeOf(of) as never;
  const { nullCount, nullBitmap } = validityOf(values, length);
  const common = { type, length, nullCount, nullBitmap } as const;
  switch (of.kind) {
    case 'null':
      return arrow.makeData({ type, length } as never);
    case 'bool':
      return make({ ...common, data: bits(length, (i) => values[i] === true) });
    case 'utf8':
    case 'binary':
      return make({ ...common, ...bytesOf(values, length) });
    case 'decimal':
      return make({ ...common, data: decimals(values, length, of.scale) });
    case 'list':
      return listData(common, values, length, (items, n) => dataOf(of.element.type, items, n));
    case 'map':
      return listData(common, values, length, (entries, n) => structData(typeOf(of), [of.key, of.value], entries, n));
    case 'struct':
      return structData(type, of.fields, values, length);
    default:
      return make({ ...common, data: fixed(of, values, length) });
  }
}
const make = (props: object): Arrow.Data => arrow.makeData(props as never);

function validityOf(values: KernelColumn, length: number): { nullCount: number; nullBitmap: Uint8Array | undefined } {
  if (ArrayBuffer.isView(values)) return { nullCount: 0, nullBitmap: undefined };
  let nullCount = 0;
  for (let i = 0; i < length; i++) if (values[i] === null || values[i] === undefined) nullCount++;
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : bits(length, (i) => values[i] !== null && values[i] !== undefined) };
}

function bits(length: number, isSet: (i: number) => boolean): Uint8Array {
  const out = new Uint8Array(Math.ceil(length / 64) * 8);
  for (let i = 0; i < length; i++) if (isSet(i)) out[i >> 3]! |= 1 << (i & 7);
  return out;
}

type Fixed = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
type FixedOf = { new (length: number): Fixed; new (buffer: ArrayBufferLike, offset: number, length: number): Fixed };

/** The kernel's own vectors as they are. */
function fixed(of: ArrowType, values: KernelColumn, length: number): Fixed {
  const Items = arrayOf(of);
  if (values instanceof (Items as never)) return values as unknown as Fixed;
  const out = new Items(length);
  for (let i = 0; i < length; i++) if (values[i] !== null && values[i] !== undefined) out[i] = values[i] as never;
  return out;
}

export function arrayOf(of: ArrowType): FixedOf {
  if (of.kind === 'int') return { 8: Int8Array, 16: Int16Array, 32: Int32Array, 64: BigInt64Array }[of.bits] as FixedOf;
  if (of.kind === 'float') return (of.bits === 32 ? Float32Array : Float64Array) as FixedOf;
  return (of.kind === 'date' || of.kind === 'yearMonth' ? Int32Array : BigInt64Array) as FixedOf;
}

function bytesOf(values: KernelColumn, length: number): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(length + 1);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value !== null && value !== undefined) {
      const part = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
      parts.push(part);
      at += part.length;
    }
    valueOffsets[i + 1] = at;
  }
  return { valueOffsets, data: Buffer.concat(parts) };
}

/** 128 bits, little endian. */
function decimals(values: KernelColumn, length: number, scale: number): Uint32Array {
  const out = new BigInt64Array(length * 2);
  for (let i = 0; i < length; i++) {
    if (values[i] === null || values[i] === undefined) continue;
    const [whole, fraction = ''] = String(values[i]).split('.') as [string, string?];
    const unscaled = BigInt(whole + fraction.padEnd(scale, '0'));
    out[i * 2] = BigInt.asIntN(64, unscaled);
    out[i * 2 + 1] = unscaled >> 64n;
  }
  return new Uint32Array(out.buffer);
}

function listData(common: object, values: KernelColumn, length: number, child: (items: KernelColumn, n: number) => Arrow.Data): Arrow.Data {
  const valueOffsets = new Int32Array(length + 1);
  const items: KernelValue[] = [];
  for (let i = 0; i < length; i++) {
    const list = values[i] as ArrayLike<KernelValue> | null | undefined;
    for (let j = 0; j < (list?.length ?? 0); j++) items.push(list![j]!);
    valueOffsets[i + 1] = items.length;
  }
  return make({ ...common, valueOffsets, child: child(items, items.length) });
}

/** A struct's values, and a map's entries, are arrays of their fields. */
function structData(given: Arrow.DataType, fields: readonly ArrowField[], values: KernelColumn, length: number): Arrow.Data {
  const type = given instanceof arrow.Map_ ? given.children[0]!.type : given;
  const field = (i: number) => Array.from({ length }, (_, row) => (values[row] as readonly KernelValue[] | null)?.[i] ?? null);
  const children = fields.map((f, i) => dataOf(f.type, field(i), length));
  return make({ type, length, ...validityOf(values, length), children });
}

/** @throws Error */
export function plainField(f: Arrow.Field): ArrowField {
  return { name: f.name, type: plainType(f.type, f.name), nullable: f.nullable };
}

function plainType(type: Arrow.DataType, name: string): ArrowType {
  if (arrow.DataType.isDictionary(type)) return plainType(type.dictionary, name);
  if (arrow.DataType.isNull(type)) return { kind: 'null' };
  if (arrow.DataType.isBool(type)) return { kind: 'bool' };
  if (arrow.DataType.isInt(type) && type.isSigned) return { kind: 'int', bits: type.bitWidth };
  if (arrow.DataType.isInt(type) && type.bitWidth < 64) return { kind: 'int', bits: (type.bitWidth * 2) as 16 | 32 | 64 }; // no unsigned in Spark
  if (arrow.DataType.isFloat(type)) return { kind: 'float', bits: type.precision === arrow.Precision.DOUBLE ? 64 : 32 };
  if (arrow.DataType.isInt(type)) return { kind: 'decimal', precision: 20, scale: 0 };
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type) || arrow.DataType.isUtf8View(type)) return { kind: 'utf8' };
  if (isBinary(type)) return { kind: 'binary' };
  if (arrow.DataType.isDecimal(type) && type.precision <= MOST_DIGITS)
    return { kind: 'decimal', precision: type.precision, scale: type.scale };
  if (arrow.DataType.isDate(type)) return { kind: 'date' };
  if (arrow.DataType.isTime(type)) return { kind: 'timeNs' };
  if (arrow.DataType.isTimestamp(type)) return { kind: 'timestampUs', timeZone: type.timezone ?? undefined };
  if (arrow.DataType.isDuration(type)) return { kind: 'durationUs' };
  if (arrow.DataType.isInterval(type) && type.unit === arrow.IntervalUnit.YEAR_MONTH) return { kind: 'yearMonth' };
  if (arrow.DataType.isList(type) || arrow.DataType.isLargeList(type) || arrow.DataType.isFixedSizeList(type))
    return { kind: 'list', element: plainField(type.children[0]!) };
  if (arrow.DataType.isMap(type)) {
    const [key, value] = type.children[0]!.type.children as [Arrow.Field, Arrow.Field];
    return { kind: 'map', key: plainField(key), value: plainField(value) };
  }
  if (arrow.DataType.isStruct(type)) return { kind: 'struct', fields: type.children.map(plainField) };
  throw new Error(`[UNSUPPORTED_ARROWTYPE] Unsupported arrow type ${type} of the column ${name}. SQLSTATE: 0A000`);
}

/** Of Spark's decimals. */
const MOST_DIGITS = 38;
const isBinary = ({ typeId }: Arrow.DataType): boolean =>
  [arrow.Type.Binary, arrow.Type.LargeBinary, arrow.Type.FixedSizeBinary, arrow.Type.BinaryView].includes(typeId);

/** A chunk's values as the kernel has them. The package's own getters cut microseconds off, so buffers are read here. */
export function valuesOf(data: Arrow.Data, of: ArrowType): readonly KernelValue[] {
  const read = readerOf(data, of);
  return Array.from({ length: data.length }, (_, i) => (data.getValid(i) ? read(i) : null));
}

function readerOf(data: Arrow.Data, of: ArrowType): (i: number) => KernelValue {
  const { type, values } = data as { type: Arrow.DataType; values: any };
  if (arrow.DataType.isDictionary(type)) {
    const words = data.dictionary!.data.flatMap((d) => valuesOf(d, of));
    return (i) => words[Number(values[i])]!;
  }
  if (arrow.DataType.isDate(type))
    return type.unit === arrow.DateUnit.DAY ? (i) => values[i] : (i) => Math.floor(Number(values[i]) / 86_400_000);
  if (arrow.DataType.isTime(type)) return (i) => BigInt(values[i]) * NANOS_OF[type.unit]!;
  if (arrow.DataType.isTimestamp(type) || arrow.DataType.isDuration(type)) return (i) => floorDiv(values[i] * NANOS_OF[type.unit]!, 1000n);
  if (arrow.DataType.isDecimal(type)) return (i) => decimalText(values as Uint32Array, i, type.bitWidth / 32, type.scale);
  if (arrow.DataType.isInterval(type)) return (i) => values[i];
  if (arrow.DataType.isInt(type) && of.kind === 'decimal') return (i) => String(values[i]);
  if (arrow.DataType.isInt(type)) return of.kind === 'int' && of.bits === 64 ? (i) => BigInt(values[i]) : (i) => Number(values[i]);
  switch (of.kind) {
    case 'list': {
      const items = valuesOf(data.children[0]!, of.element.type);
      const size = arrow.DataType.isFixedSizeList(type) ? type.listSize : undefined;
      const { valueOffsets } = data; // of large lists in 64 bits
      return (i) =>
        size === undefined ? items.slice(Number(valueOffsets[i]), Number(valueOffsets[i + 1])) : items.slice(i * size, (i + 1) * size);
    }
    case 'map': {
      const [keys, items] = data.children[0]!.children as [Arrow.Data, Arrow.Data];
      const [k, v] = [valuesOf(keys, of.key.type), valuesOf(items, of.value.type)];
      const { valueOffsets } = data;
      return (i) =>
        Array.from({ length: valueOffsets[i + 1]! - valueOffsets[i]! }, (_, j) => [k[valueOffsets[i]! + j]!, v[valueOffsets[i]! + j]!]);
    }
    case 'struct': {
      const children = of.fields.map((f, c) => valuesOf(data.children[c]!, f.type));
      return (i) => children.map((child) => child[i]!);
    }
    case 'binary': {
      const vector = new arrow.Vector([data]);
      return (i) => new Uint8Array(vector.get(i) as Uint8Array);
    }
    default: {
      const vector = new arrow.Vector([data]);
      return (i) => vector.get(i) as KernelValue;
    }
  }
}

/** By arrow.TimeUnit. */
const NANOS_OF: readonly bigint[] = [1_000_000_000n, 1_000_000n, 1000n, 1n];
const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

function decimalText(words: Uint32Array, row: number, width: number, scale: number): string {
  let unscaled = 0n;
  for (let w = width - 1; w >= 0; w--) unscaled = (unscaled << 32n) | BigInt(words[row * width + w]!);
  unscaled = BigInt.asIntN(width * 32, unscaled);
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
