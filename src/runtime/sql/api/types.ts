// Types as objects of classes: new StructType().add('id', 'bigint').add('tags', new ArrayType(new StringType())), with their names and Spark's JSON. They are
// what ../types/data-type.ts says of types, so they stand wherever a schema is taken. Source: pyspark.sql.types of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import { schemaTree } from '../types/schema-tree.ts';
import type * as T from '../types/data-type.ts';
import { toDdl } from '../types/type-ddl.ts';
import { typeFromJson, typeFromJsonValue, typeToJson, typeToJsonValue } from '../types/type-json.ts';
import { simpleString, typeName } from '../types/type-names.ts';
import type { DdlRow, TypeOfName } from './row-types.ts';
import { sqlTexts, toDataType } from './sql-text.ts';

type JsonValue = ReturnType<typeof typeToJsonValue>;

export abstract class DataType {
  abstract readonly tag: T.DataType['tag'];

  /** `array<int>`, `struct<a:int>`. */
  simpleString(): string {
    return simpleString(this as unknown as T.DataType);
  }
  typeName(): string {
    return typeName(this as unknown as T.DataType);
  }
  /** What Spark writes into Parquet's footers and tables' properties, as a value. */
  jsonValue(): JsonValue {
    return typeToJsonValue(this as unknown as T.DataType);
  }
  json(): string {
    return typeToJson(this as unknown as T.DataType);
  }

  /** @param ddl a type, or columns. @throws ParseException */
  static fromDDL(ddl: string): DataType {
    return fromDdl(ddl);
  }
  /** @param json as json() or jsonValue() gives it */
  static fromJson(json: string | JsonValue): DataType {
    return asObject(typeof json === 'string' && /^[[{"]/.test(json) ? typeFromJson(json) : typeFromJsonValue(json as never));
  }
}

const simple = <const N extends T.DataType['tag']>(tag: N) =>
  class extends DataType {
    readonly tag: N = tag;
  };
export class BooleanType extends simple('boolean') {}
export class ByteType extends simple('byte') {}
export class ShortType extends simple('short') {}
export class IntegerType extends simple('integer') {}
export class LongType extends simple('long') {}
export class FloatType extends simple('float') {}
export class DoubleType extends simple('double') {}
export class BinaryType extends simple('binary') {}
export class DateType extends simple('date') {}
export class TimestampType extends simple('timestamp') {}
export class TimestampNTZType extends simple('timestamp_ntz') {}
export class CalendarIntervalType extends simple('calendarInterval') {}
export class VariantType extends simple('variant') {}
export class NullType extends simple('null') {}

export class StringType extends DataType {
  readonly tag = 'string';
  readonly collation: string;
  constructor(collation = 'UTF8_BINARY') {
    super();
    this.collation = collation;
  }
}
export class DecimalType extends DataType {
  readonly tag = 'decimal';
  readonly precision: number;
  readonly scale: number;
  constructor(precision = 10, scale = 0) {
    super();
    this.precision = precision;
    this.scale = scale;
  }
}
export class ArrayType extends DataType {
  readonly tag = 'array';
  readonly elementType: T.DataType;
  readonly containsNull: boolean;
  constructor(elementType: T.DataType | string, containsNull = true) {
    super();
    this.elementType = objectOf(elementType);
    this.containsNull = containsNull;
  }
}
export class MapType extends DataType {
  readonly tag = 'map';
  readonly keyType: T.DataType;
  readonly valueType: T.DataType;
  readonly valueContainsNull: boolean;
  constructor(keyType: T.DataType | string, valueType: T.DataType | string, valueContainsNull = true) {
    super();
    this.keyType = objectOf(keyType);
    this.valueType = objectOf(valueType);
    this.valueContainsNull = valueContainsNull;
  }
}

export class StructField {
  readonly name: string;
  readonly dataType: T.DataType;
  readonly nullable: boolean;
  readonly metadata: T.Metadata;
  constructor(name: string, dataType: T.DataType | string, nullable = true, metadata: T.Metadata = {}) {
    this.name = name;
    this.dataType = objectOf(dataType);
    this.nullable = nullable;
    this.metadata = metadata;
  }
  simpleString(): string {
    return `${this.name}:${simpleString(this.dataType)}`;
  }
  jsonValue(): JsonValue {
    return (new StructType([this]).jsonValue() as { fields: JsonValue[] }).fields[0]!;
  }
  json(): string {
    return JSON.stringify(this.jsonValue());
  }
}

/** @typeParam R its rows: known of DDL, and of what is added to `new StructType<{}>()` */
export class StructType<R = any> extends DataType {
  readonly tag = 'struct';
  readonly fields: readonly StructField[];
  /** For TypeScript only. */
  declare readonly rowType: R;

  constructor(fields: readonly T.StructField[] = []) {
    super();
    this.fields = fields.map((f) => (f instanceof StructField ? f : new StructField(f.name, f.dataType, f.nullable, f.metadata)));
  }

  /** The same columns and one more. This one stays as it is. */
  add<const N extends string, const D extends string>(
    name: N,
    dataType: D,
    nullable?: boolean,
    metadata?: T.Metadata,
  ): StructType<R & { [K in N]: TypeOfName<D> }>;
  add(field: T.StructField): StructType;
  add(name: string, dataType: T.DataType, nullable?: boolean, metadata?: T.Metadata): StructType;
  add(field: string | T.StructField, dataType?: T.DataType | string, nullable = true, metadata: T.Metadata = {}): StructType {
    if (typeof field !== 'string') return new StructType([...this.fields, field]);
    if (dataType === undefined)
      throw new SparkIllegalArgumentException(
        'ARGUMENT_REQUIRED',
        '42K09',
        'Argument `dataType` is required when passing name of struct_field to create.',
      );
    return new StructType([...this.fields, new StructField(field, dataType, nullable, metadata)]);
  }

  fieldNames(): readonly string[] {
    return this.fields.map((f) => f.name);
  }
  get names(): readonly string[] {
    return this.fieldNames();
  }
  /** `a INT NOT NULL,b STRING`. */
  toDDL(): string {
    return toDdl(this);
  }
  /** What printSchema prints. */
  treeString(level?: number): string {
    return schemaTree(this, level);
  }

  static override fromDDL<const D extends string>(ddl: D): StructType<DdlRow<D>> {
    const type = fromDdl(ddl);
    return type instanceof StructType ? type : new StructType([new StructField('value', type as unknown as T.DataType)]);
  }
  static override fromJson(json: string | JsonValue): StructType {
    return DataType.fromJson(json) as StructType;
  }
}

const CLASSES: { readonly [tag: string]: { readonly prototype: DataType } } = {
  array: ArrayType,
  binary: BinaryType,
  boolean: BooleanType,
  byte: ByteType,
  calendarInterval: CalendarIntervalType,
  date: DateType,
  decimal: DecimalType,
  double: DoubleType,
  float: FloatType,
  integer: IntegerType,
  long: LongType,
  map: MapType,
  null: NullType,
  short: ShortType,
  string: StringType,
  timestamp: TimestampType,
  timestamp_ntz: TimestampNTZType,
  variant: VariantType,
};

/** The same type as an object of these classes. What has none of its own (CHAR, TIME, intervals …) is one of the base class. */
export function asObject(type: T.DataType): DataType {
  if (type instanceof DataType) return type;
  if (type.tag === 'struct') return new StructType(type.fields);
  const parts =
    type.tag === 'array'
      ? { ...type, elementType: asObject(type.elementType) }
      : type.tag === 'map'
        ? { ...type, keyType: asObject(type.keyType), valueType: asObject(type.valueType) }
        : type;
  return Object.assign(Object.create((CLASSES[type.tag] ?? DataType).prototype) as DataType, parts);
}

const objectOf = (type: T.DataType | string) => asObject(toDataType(type)) as unknown as T.DataType;

function fromDdl(ddl: string): DataType {
  try {
    return asObject(sqlTexts().parseTableSchema(ddl));
  } catch (error) {
    try {
      return asObject(sqlTexts().parseDataType(ddl));
    } catch {
      throw error;
    }
  }
}
