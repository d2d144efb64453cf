// Functions that give rows: explode and its kin, inline, stack. `_outer` gives a row of NULLs where there would be none: the analyser
// makes the join an outer one. Source: generators.scala of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch, unexpectedInput } from './arguments.ts';
import { castTo, widestOf } from './coercion.ts';
import type { FunctionSpec, GeneratorSpec } from './spec.ts';

const collection = (name: string): GeneratorSpec['coerce'] => {
  return (args) => {
    const { tag } = args[0]!.dataType;
    if (tag !== 'array' && tag !== 'map') throw unexpectedInput(name, args, 0, '("ARRAY" or "MAP")');
    return args;
  };
};

function elementFields({ dataType }: Expr): readonly T.StructField[] {
  if (dataType.tag === 'map')
    return [T.structField('key', dataType.keyType, false), T.structField('value', dataType.valueType, dataType.valueContainsNull)];
  const { elementType, containsNull } = dataType as T.ArrayType;
  return [T.structField('col', elementType, containsNull)];
}

const unnested = (text: string, e: Expr): string[] =>
  e.dataType.tag === 'map' ? [`unnest(map_keys(${text}))`, `unnest(map_values(${text}))`] : [`unnest(${text})`];
const lengthText = (text: string, e: Expr): string => (e.dataType.tag === 'map' ? `cardinality(${text})::BIGINT` : `len(${text})`);

type Lateral = Extract<GeneratorSpec, { kernel: unknown }>;

const generator = (name: string, more: Omit<Lateral, 'name' | 'kind' | 'result' | 'arity'> & Partial<Lateral>): GeneratorSpec => ({
  name,
  kind: 'generator',
  arity: [1, 1],
  result: T.NULL,
  ...more,
});

const explode = (name: string): FunctionSpec =>
  generator(name, {
    parameterNames: ['collection'],
    coerce: collection(name)!,
    elements: ([a]) => elementFields(a!),
    kernel: ([a], call) => `SELECT ${unnested(a!, call.args[0]!).join(', ')}`,
  });
const posexplode = (name: string): FunctionSpec =>
  generator(name, {
    parameterNames: ['collection'],
    coerce: collection(name)!,
    elements: ([a]) => [T.structField('pos', T.INTEGER, false), ...elementFields(a!)],
    kernel: ([a], call) => `SELECT unnest(range(${lengthText(a!, call.args[0]!)}))::INTEGER, ${unnested(a!, call.args[0]!).join(', ')}`,
  });

const structOf = (e: Expr): T.StructType => (e.dataType as T.ArrayType).elementType as T.StructType;
const inline = (name: string): FunctionSpec =>
  generator(name, {
    parameterNames: ['input'],
    coerce: (args) => {
      const type = args[0]!.dataType;
      if (type.tag !== 'array' || type.elementType.tag !== 'struct') throw unexpectedInput(name, args, 0, '"ARRAY<STRUCT>"');
      return args;
    },
    elements: ([a]) => structOf(a!).fields.map((f) => ({ ...f, nullable: f.nullable || (a!.dataType as T.ArrayType).containsNull })),
    kernel: ([a], call) => {
      const fields = structOf(call.args[0]!).fields.map((f) => `struct_extract(s, ${quoteText(f.name)})`);
      return `SELECT ${fields.join(', ')} FROM (SELECT unnest(${a}) AS s)`;
    },
  });

/** n rows of the values after it, filled up with NULL. */
const STACK = generator('stack', {
  arity: [2, Number.POSITIVE_INFINITY],
  coerce: (args) => {
    const n = literalOf(args[0])?.value;
    if (typeof n !== 'number' || n <= 0)
      throw mismatch('VALUE_OUT_OF_RANGE', 'stack', args, { exprName: '`n`', valueRange: '(0, 2147483647]', currentValue: String(n) });
    const width = Math.ceil((args.length - 1) / n);
    const types = Array.from({ length: width }, (_, c) => widestOf(column(args, c, width).map((e) => e.dataType)));
    return args.map((a, i) => (i === 0 || types[(i - 1) % width] === undefined ? a : castTo(a, types[(i - 1) % width]!)));
  },
  elements: (args) => {
    const width = Math.ceil((args.length - 1) / (literalOf(args[0])!.value as number));
    return Array.from({ length: width }, (_, c) => {
      const cells = column(args, c, width);
      return T.structField(`col${c}`, cells[0]!.dataType, true);
    });
  },
  kernel: ([, ...cells], call, columns, emit) => {
    const rows = literalOf(call.args[0])!.value as number;
    const lists = columns.map((_, c) => {
      const type = emit.typeName(call.args[1 + c]!.dataType);
      return `unnest([${Array.from({ length: rows }, (_x, r) => cells[r * columns.length + c] ?? 'NULL').join(', ')}]::${type}[])`;
    });
    return `SELECT ${lists.join(', ')}`;
  },
});
const column = (args: readonly Expr[], c: number, width: number): Expr[] => args.slice(1).filter((_, i) => i % width === c);

export const GENERATORS: readonly FunctionSpec[] = [
  explode('explode'),
  explode('explode_outer'),
  posexplode('posexplode'),
  posexplode('posexplode_outer'),
  inline('inline'),
  inline('inline_outer'),
  STACK,
];
