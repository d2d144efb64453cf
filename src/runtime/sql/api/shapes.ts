// What a typed row looks like in a program, as data that travels to executors: a single value, an object (or an instance of a class), a tuple of
// such. From columns of the kernel to it and back. What programs write is encoders.ts. Source: ExpressionEncoder and AgnosticEncoders of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { kernelForm } from '../kernel/kernel-form.ts';
import { type DataType, type StructType, structField, structType } from '../types/data-type.ts';
import { kernelValue } from './kernel-values.ts';
import { converterOf, type ValueForms } from './values.ts';

export type Shape =
  /** One column, called `value`. `numbers`: its BIGINTs are JavaScript's numbers. */
  | { readonly kind: 'value'; readonly type: DataType; readonly numbers?: boolean }
  /** An object; of the columns in `numbers` BIGINTs are JavaScript's numbers. `owner`: its class, as a place in the operation's functions. */
  | { readonly kind: 'row'; readonly type: StructType; readonly numbers?: readonly string[]; readonly owner?: number }
  /** An array of as many; a part that is missing from an outer join is null. */
  | { readonly kind: 'tuple'; readonly parts: readonly Shape[] };
type Class = { readonly prototype: object };
type FromKernel = (value: any) => unknown;

/** The type of such a row as one value. */
export function typeOfShape(shape: Shape): DataType {
  return shape.kind === 'tuple' ? columnsOfShape(shape) : shape.type;
}

/** The columns that a row becomes. */
export function columnsOfShape(shape: Shape): StructType {
  switch (shape.kind) {
    case 'value':
      return structType([structField('value', shape.type)]);
    case 'row':
      return shape.type;
    case 'tuple':
      return structType(shape.parts.map((part, i) => structField(`_${i + 1}`, typeOfShape(part))));
  }
}

/** One shape with its classes at `offset` in a longer list. */
export function withOwnersAt(shape: Shape, offset: number): Shape {
  if (shape.kind === 'tuple') return { ...shape, parts: shape.parts.map((part) => withOwnersAt(part, offset)) };
  return shape.kind === 'row' && shape.owner !== undefined ? { ...shape, owner: shape.owner + offset } : shape;
}

/** A row of columns → what the program sees. */
export function decoderOf(shape: Shape, classes: readonly Class[] = []): (values: readonly KernelValue[]) => unknown {
  switch (shape.kind) {
    case 'value': {
      const convert = valueDecoder(shape);
      return convert === undefined ? (values) => values[0] : (values) => convert(values[0]);
    }
    case 'row':
      return rowDecoder(shape, classes);
    case 'tuple': {
      const parts = shape.parts.map((part) => nested(part, classes));
      return (values) => parts.map((part, i) => part(values[i]));
    }
  }
}

/** The same of a value inside of a row: structs are arrays of their fields there. */
function nested(shape: Shape, classes: readonly Class[]): FromKernel {
  if (shape.kind === 'value') return valueDecoder(shape) ?? ((value) => value);
  const decode = decoderOf(shape, classes);
  return (value) => (value === null || value === undefined ? null : decode(value as readonly KernelValue[]));
}

const valueDecoder = ({ type, numbers }: Extract<Shape, { kind: 'value' }>): FromKernel | undefined => converterOf(type, formsOf(numbers));
const formsOf = (numbers: boolean | undefined): ValueForms => (numbers ? { struct: plainMaker, long: Number } : { struct: plainMaker });

function rowDecoder(
  { type, numbers, owner }: Extract<Shape, { kind: 'row' }>,
  classes: readonly Class[],
): (values: readonly any[]) => unknown {
  const convert = type.fields.map((f) => converterOf(f.dataType, formsOf(numbers?.includes(f.name))));
  const make = owner === undefined ? plainMaker(type) : instanceMaker(type, classes[owner]!);
  return (values) => make(convert.map((c, i) => (c === undefined ? values[i] : c(values[i]))));
}

/** Arguments of a function; wider objects are made one property at a time. */
const MOST_WRITTEN = 500;
const PROTO = '__proto__';

/** Objects made by one literal: what engines make fast objects of. Of two columns of a name the first. */
function plainMaker({ fields }: StructType): (values: readonly unknown[]) => unknown {
  const names = fields.map((f) => f.name);
  const first = names.map((name, i) => names.indexOf(name) === i && name !== PROTO);
  if (names.length > MOST_WRITTEN) return (values) => Object.fromEntries(names.flatMap((n, i) => (first[i] ? [[n, values[i]]] : [])));
  const body = names.flatMap((name, i) => (first[i] ? [`${JSON.stringify(name)}: v[${i}]`] : [])).join(', ');
  return new Function('v', `return { ${body} };`) as (values: readonly unknown[]) => unknown;
}

/** The constructor does not run: properties are put on. */
function instanceMaker({ fields }: StructType, { prototype }: Class): (values: readonly unknown[]) => unknown {
  const names = fields.map((f) => f.name);
  return (values) => {
    const made = Object.create(prototype) as object;
    for (let i = 0; i < names.length; i++)
      Object.defineProperty(made, names[i]!, { value: values[i], writable: true, enumerable: true, configurable: true });
    return made;
  };
}

/** What the program has → a row of columns. @throws Error with PySpark's conditions for what does not fit, NOT_NULL_ASSERT_VIOLATION for no row */
export function columnsEncoder(shape: Shape): (value: unknown) => KernelValue[] {
  switch (shape.kind) {
    case 'value': {
      const encode = valueEncoder(shape.type, 'value');
      return (value) => [encode(value)];
    }
    case 'row': {
      const encode = valueEncoder(shape.type, '');
      return (value) => (encode(value) ?? missing()) as KernelValue[];
    }
    case 'tuple': {
      const parts = shape.parts.map((part, i) => valueEncoder(typeOfShape(part), `_${i + 1}`));
      return (value) => {
        if (!Array.isArray(value) || value.length !== parts.length) throw notATuple(value, parts.length);
        return parts.map((part, i) => part(value[i]));
      };
    }
  }
}

function valueEncoder(type: DataType, path: string): (value: unknown) => KernelValue {
  const form = kernelForm(type);
  return (value) => form(kernelValue(value, type, path));
}

function missing(): never {
  throw new SparkIllegalArgumentException(
    'NOT_NULL_ASSERT_VIOLATION',
    '42000',
    'NULL value appeared in non-nullable field: top level row object. A function of a typed Dataset gave null or undefined where a row was due.',
  );
}
const notATuple = (value: unknown, n: number): Error =>
  new SparkIllegalArgumentException(
    'LENGTH_SHOULD_BE_THE_SAME',
    '42K09',
    `A tuple of ${n} was due, got ${Array.isArray(value) ? `an array of ${value.length}` : typeof value}.`,
  );

/** What a function gave → what it would be after a way through columns: so a chain of functions sees what a query between them would give. */
export function normaliserOf(shape: Shape, classes: readonly Class[] = []): (value: unknown) => unknown {
  const [encode, decode] = [columnsEncoder(shape), decoderOf(shape, classes)];
  return (value) => decode(encode(value));
}
