// Encoders: how values of the program stand in the columns of a typed Dataset. TypeScript's types are not there at run time, so an encoder is made of
// a schema. What it does is shapes.ts. Source: org.apache.spark.sql.Encoder and Encoders of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import {
  BINARY,
  BOOLEAN,
  BYTE,
  type DataType,
  DATE,
  dayTimeIntervalType,
  decimalType,
  DOUBLE,
  FLOAT,
  INTEGER,
  LONG,
  SHORT,
  STRING,
  type StructType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  yearMonthIntervalType,
} from '../types/data-type.ts';
import { ddlShape } from './create-dataframe.ts';
import type { Decimal } from './decimal.ts';
import type { DdlRow } from './row-types.ts';
import { columnsOfShape, type Shape, typeOfShape, withOwnersAt } from './shapes.ts';
import type { DayTimeInterval, LocalDate, LocalTimestamp, Timestamp, YearMonthInterval } from './times.ts';
import { toDataType } from './sql-text.ts';
import type { TypedColumns } from '../plan/dataset-relations.ts';

type Class<T> = { readonly prototype: T; readonly name: string; readonly schema?: string | StructType };

export class Encoder<T> {
  /** For TypeScript only. */
  declare readonly value: T;
  /** @internal */
  readonly shape: Shape;
  /** @internal Classes that the shape names by their place here; they travel as functions do. */
  readonly classes: readonly Class<unknown>[];

  /** @internal Programs use Encoders. */
  constructor(shape: Shape, classes: readonly Class<unknown>[] = []) {
    this.shape = shape;
    this.classes = classes;
  }

  /** The columns of a Dataset of such values. */
  get schema(): StructType {
    return columnsOfShape(this.shape);
  }

  /** @internal What it needs of a plan's columns. */
  get columns(): TypedColumns {
    const { kind } = this.shape;
    return { schema: this.schema, byPosition: kind !== 'row', isValue: kind === 'value' };
  }
}
/** An encoder, or the schema to make one of: `int`, `a INT, b STRING`. */
export type EncoderLike<T> = Encoder<T> | string | StructType;

export function toEncoder<T>(given: EncoderLike<T>): Encoder<T> {
  if (given instanceof Encoder) return given;
  return new Encoder(typeof given === 'string' ? ddlShape(given) : { kind: 'row', type: given });
}

const of = <T>(type: DataType): Encoder<T> => new Encoder<T>({ kind: 'value', type });

export const Encoders = {
  BOOLEAN: of<boolean>(BOOLEAN),
  BYTE: of<number>(BYTE),
  SHORT: of<number>(SHORT),
  INT: of<number>(INTEGER),
  /** BIGINT, whose values are bigints. */
  LONG: of<bigint>(LONG),
  FLOAT: of<number>(FLOAT),
  DOUBLE: of<number>(DOUBLE),
  DECIMAL: of<Decimal>(decimalType(38, 18)),
  STRING: of<string>(STRING),
  BINARY: of<Uint8Array>(BINARY),
  DATE: of<LocalDate>(DATE),
  LOCALDATE: of<LocalDate>(DATE),
  TIMESTAMP: of<Timestamp>(TIMESTAMP),
  INSTANT: of<Timestamp>(TIMESTAMP),
  LOCALDATETIME: of<LocalTimestamp>(TIMESTAMP_NTZ),
  DURATION: of<DayTimeInterval>(dayTimeIntervalType()),
  PERIOD: of<YearMonthInterval>(yearMonthIntervalType()),

  /** One value of a type: `Encoders.of<number[]>('array<int>')`. */
  of: <T>(type: DataType | string): Encoder<T> => of<T>(toDataType(type)),
  /** Plain objects with these properties: `Encoders.product('id INT NOT NULL, name STRING')`. */
  product: <const D extends string>(schema: D): Encoder<DdlRow<D>> => new Encoder(ddlShape(schema)),
  /** Plain objects of a schema that is known as data. */
  row: <T = any>(schema: StructType): Encoder<T> => new Encoder<T>({ kind: 'row', type: schema }),
  /**
   * Instances of a class of the program. Its constructor does not run: properties are put on.
   * @param schema of its properties; left out: the class has it as its static property `schema`
   */
  bean<T extends object>(of: Class<T>, schema: string | StructType | undefined = of.schema): Encoder<T> {
    if (schema === undefined)
      throw new SparkIllegalArgumentException(
        'ENCODER_WITHOUT_SCHEMA',
        '42K09',
        `Encoders.bean: what columns ${of.name} has is not known: give a schema, as in Encoders.bean(${of.name}, 'a INT'), or the class a static schema.`,
      );
    const shape = toEncoder<T>(schema).shape;
    if (shape.kind !== 'row')
      throw new SparkIllegalArgumentException(
        'ENCODER_WITHOUT_SCHEMA',
        '42K09',
        `Encoders.bean: the schema of ${of.name} must have columns, such as 'a INT, b STRING'.`,
      );
    return new Encoder<T>({ ...shape, owner: 0 }, [of]);
  },
  /** Arrays of fixed length: `Encoders.tuple(Encoders.STRING, Encoders.INT)`. */
  tuple<E extends readonly Encoder<any>[]>(...parts: E): Encoder<{ -readonly [K in keyof E]: E[K]['value'] }> {
    const classes = parts.flatMap((p) => p.classes);
    let offset = 0;
    const shapes = parts.map(({ shape, classes: own }) => {
      const placed = withOwnersAt(shape, offset);
      offset += own.length;
      return placed;
    });
    return new Encoder({ kind: 'tuple', parts: shapes }, classes);
  },
};

/** The encoder of one place of a tuple's. Its values come as plain objects: an instance of a class is not made of them. */
export function partOf(tuple: Encoder<any>, at: number): Encoder<any> {
  const { shape } = tuple;
  return new Encoder(shape.kind === 'tuple' ? shape.parts[at]! : shape);
}

/** The type of its values in a column. */
export const typeOfEncoder = (encoder: Encoder<unknown>): DataType => typeOfShape(encoder.shape);
