// Functions on maps. A key twice: map-keys.ts. Source: collectionOperations.scala of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, IN, tightestCommonType, widestOf } from './coercion.ts';
import { letAll, nullSafe } from './kernel-text.ts';
import { lastKeyWins, mapText } from './map-keys.ts';
import type { FunctionSpec } from './spec.ts';

const mapOf = (e: Expr): T.MapType => (e.dataType.tag === 'map' ? e.dataType : T.mapType(T.NULL, T.NULL));
const entryType = (t: T.MapType): T.StructType =>
  T.structType([T.structField('key', t.keyType, false), T.structField('value', t.valueType, t.valueContainsNull)]);

export const MAPS: readonly FunctionSpec[] = [
  {
    name: 'map_keys',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.map],
    result: ([m]) => T.arrayType(mapOf(m!).keyType, false),
    kernel: 'map_keys($1)',
  },
  {
    name: 'map_values',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.map],
    result: ([m]) => T.arrayType(mapOf(m!).valueType, mapOf(m!).valueContainsNull),
    kernel: 'map_values($1)',
  },
  {
    name: 'map_entries',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.map],
    result: ([m]) => T.arrayType(entryType(mapOf(m!)), false),
    kernel: 'map_entries($1)',
  },
  {
    name: 'map_contains_key',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => {
      const [m, k] = args as [Expr, Expr];
      if (m.dataType.tag !== 'map') throw unexpectedInput('map_contains_key', args, 0, '"MAP"');
      const key = tightestCommonType(m.dataType.keyType, k.dataType);
      if (key === undefined)
        throw mismatch('MAP_FUNCTION_DIFF_TYPES', 'map_contains_key', args, {
          functionName: '`map_contains_key`',
          dataType: '"MAP"',
          leftType: typeSql(m.dataType),
          rightType: typeSql(k.dataType),
        });
      return [castTo(m, { ...m.dataType, keyType: key }), castTo(k, key)];
    },
    result: T.BOOLEAN,
    nullable: true,
    kernel: 'list_contains(map_keys($1), $2)',
  },
  {
    name: 'map_concat',
    kind: 'scalar',
    arity: [0, Number.POSITIVE_INFINITY],
    coerce: (args) => {
      const types = args.map((a) => a.dataType);
      const wide = args.length > 0 && types.every((t) => t.tag === 'map') ? widestOf(types) : undefined;
      if (args.length > 0 && wide === undefined)
        throw mismatch('MAP_CONCAT_DIFF_TYPES', 'map_concat', args, {
          functionName: '`map_concat`',
          dataType: `[${types.map(typeSql).join(', ')}]`,
        });
      return wide === undefined ? args : args.map((a) => castTo(a, wide));
    },
    result: (args) => args[0]?.dataType ?? T.mapType(T.STRING, T.STRING, false),
    kernel: (args, call, emit) => {
      if (args.length === 0) return `MAP([], [])::${emit.typeName(call.dataType)}`;
      return letAll(args, (...ms) => {
        const all = (kernel: string) => `flatten([${ms.map((m) => `${kernel}(${m})`).join(', ')}])`;
        return nullSafe(ms, mapText(all('map_keys'), all('map_values'), emit.settings));
      });
    },
  },
  {
    name: 'map_from_arrays',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.array],
    result: ([k, v]) => {
      const [keys, values] = [k!.dataType as T.ArrayType, v!.dataType as T.ArrayType];
      return T.mapType(keys.elementType, values.elementType, values.containsNull);
    },
    kernel: (args, _, emit) =>
      letAll(args, (k, v) =>
        nullSafe(
          [k, v],
          `CASE WHEN len(${k}) <> len(${v}) THEN error('[_LEGACY_ERROR_TEMP_2128] The key array and value array of MapData must have the same length.') ELSE ${mapText(k!, v!, emit.settings)} END`,
        ),
      ),
  },
  {
    name: 'map_from_entries',
    kind: 'scalar',
    arity: [1, 1],
    coerce: (args) => {
      const type = args[0]!.dataType;
      if (type.tag !== 'array' || type.elementType.tag !== 'struct' || type.elementType.fields.length !== 2)
        throw unexpectedInput('map_from_entries', args, 0, '"ARRAY" of pair "STRUCT"');
      return args;
    },
    result: ([a]) => {
      const [key, value] = ((a!.dataType as T.ArrayType).elementType as T.StructType).fields as [T.StructField, T.StructField];
      return T.mapType(key.dataType, value.dataType, value.nullable);
    },
    nullable: ([a]) => a!.nullable || (a!.dataType as T.ArrayType).containsNull,
    kernel: ([a], call, emit) => {
      const [k, v] = ((call.args[0]!.dataType as T.ArrayType).elementType as T.StructType).fields.map((f) => quoteText(f.name));
      return letAll([a!], (l) => {
        const part = (name: string) => `list_transform(${l}, lambda e: struct_extract(e, ${name}))`;
        return `CASE WHEN ${l} IS NULL OR len(${l}) <> list_count(${l}) THEN NULL ELSE ${mapText(part(k!), part(v!), emit.settings)} END`;
      });
    },
  },
  {
    name: 'str_to_map',
    kind: 'scalar',
    arity: [1, 3],
    coerce: ([text, pairs = literal(',', T.STRING), keyValue = literal(':', T.STRING)]) => [text!, pairs, keyValue],
    inputs: [IN.string],
    result: T.mapType(T.STRING, T.STRING),
    resultName: ([text, pairs, keyValue]) => `str_to_map(${text}, ${pairs ?? ','}, ${keyValue ?? ':'})`,
    kernel: (args, _, emit) => `${emit.jsFunction('str_to_map', lastKeyWins(emit.settings) ? 'last' : 'once')}(${args.join(', ')})`,
  },
];
