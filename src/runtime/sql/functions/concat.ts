// concat and reverse: of texts, bytes and arrays alike. Source: Concat, Reverse of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, isAtomic, isString, widestOf } from './coercion.ts';
import { letAll, nullSafe } from './kernel-text.ts';
import type { FunctionSpec, SessionSettings } from './spec.ts';

function coerceConcat(args: readonly Expr[], settings: SessionSettings): readonly Expr[] {
  const types = args.map((a) => a.dataType);
  if (types.some((t) => t.tag === 'array')) {
    const wide = types.every((t) => t.tag === 'array') ? widestOf(types) : undefined;
    if (wide !== undefined) return args.map((a) => castTo(a, wide));
    throw mismatch('DATA_DIFF_TYPES', 'concat', args, {
      functionName: '`concat`',
      dataType: `(${types.map((t) => (t.tag === 'null' ? '"STRING"' : typeSql(t))).join(' or ')})`,
    });
  }
  const keepsBytes = settings.get('spark.sql.function.concatBinaryAsString') !== 'true';
  if (args.length > 0 && keepsBytes && types.every((t) => t.tag === 'binary')) return args;
  return args.map((a, i) => {
    if (isAtomic(a.dataType) || a.dataType.tag === 'null') return castTo(a, T.STRING);
    throw unexpectedInput('concat', args, i, '("STRING" or "BINARY" or "ARRAY")');
  });
}

export const CONCAT: readonly FunctionSpec[] = [
  {
    name: 'concat',
    kind: 'scalar',
    arity: [0, Number.POSITIVE_INFINITY],
    coerce: coerceConcat,
    result: (args) => args[0]?.dataType ?? T.STRING,
    kernel: (args, call) => {
      if (args.length === 0) return "''";
      if (call.dataType.tag !== 'array') return `(${args.join(' || ')})`;
      return letAll(args, (...lists) => nullSafe(lists, `flatten([${lists.join(', ')}])`));
    },
  },
  {
    name: 'reverse',
    kind: 'scalar',
    arity: [1, 1],
    coerce: (args) => {
      const { dataType } = args[0]!;
      if (dataType.tag === 'array' || dataType.tag === 'binary' || isString(dataType)) return args;
      if (isAtomic(dataType) || dataType.tag === 'null') return [castTo(args[0]!, T.STRING)];
      throw unexpectedInput('reverse', args, 0, '("STRING" or "ARRAY")');
    },
    result: ([a]) => a!.dataType,
    kernel: ([a], call) => {
      if (call.dataType.tag === 'array') return `list_reverse(${a})`;
      if (call.dataType.tag === 'binary') return `unhex(array_to_string(list_reverse(regexp_extract_all(hex(${a}), '..')), ''))`;
      return `array_to_string(list_reverse(string_split(${a}, '')), '')`;
    },
  },
];
