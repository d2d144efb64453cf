// Choices and replacements of NULL. CASE and coalesce are predicates.ts. Source: nullExpressions.scala, conditionalExpressions.scala of Spark 4.2.
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { castTo, comparedType, IN, implicitCasts, isString, toWidest } from './coercion.ts';
import type { FunctionSpec, ScalarSpec } from './spec.ts';

const strictBoolean = { ...IN.boolean, castFrom: (t: T.DataType) => (t.tag === 'null' ? T.BOOLEAN : undefined) };

function choice(name: 'if' | 'nvl2'): ScalarSpec {
  const isIf = name === 'if';
  return {
    name,
    kind: 'scalar',
    arity: [3, 3],
    coerce: ([condition, yes, no], settings) => {
      const wide = toWidest(name, [yes!, no!], settings.ansi);
      const sql = (): string => `(IF(${[condition!, yes!, no!].map(shown).join(', ')}))`;
      return [isIf ? implicitCasts(sql(), [condition!], [strictBoolean], settings)[0]! : condition!, ...wide];
    },
    result: ([, yes]) => yes!.dataType,
    nullable: ([, yes, no]) => yes!.nullable || no!.nullable,
    resultName: (args) => (isIf ? `(IF(${args.join(', ')}))` : `nvl2(${args.join(', ')})`),
    kernel: isIf ? 'CASE WHEN $1 THEN $2 ELSE $3 END' : 'CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END',
  };
}
const shown = (e: Expr): string => (e.kind === 'literal' ? String(e.value) : '…');

const orElse = (name: string): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args, { ansi }) => toWidest(name, args, ansi),
  result: ([a]) => a!.dataType,
  nullable: (args) => args.every((a) => a.nullable),
  kernel: 'coalesce($1, $2)',
});

export const CONDITIONALS: readonly FunctionSpec[] = [
  choice('if'),
  choice('nvl2'),
  orElse('nvl'),
  orElse('ifnull'),
  {
    name: 'nullif',
    kind: 'scalar',
    arity: [2, 2],
    result: ([a]) => a!.dataType,
    nullable: true,
    kernel: ([a], call, emit) => {
      const [x, y] = call.args as [Expr, Expr];
      const type = comparedType(x.dataType, y.dataType, emit.settings.ansi) ?? x.dataType;
      return `CASE WHEN ${emit.emit(castTo(x, type))} = ${emit.emit(castTo(y, type))} THEN NULL ELSE ${a} END`;
    },
  },
  {
    name: 'nullifzero',
    kind: 'scalar',
    arity: [1, 1],
    result: ([a]) => a!.dataType,
    nullable: true,
    kernel: ([a], call, emit) => {
      const [x] = call.args as [Expr];
      return `CASE WHEN ${emit.emit(isString(x.dataType) ? castTo(x, T.LONG) : x)} = 0 THEN NULL ELSE ${a} END`;
    },
  },
  {
    name: 'zeroifnull',
    kind: 'scalar',
    arity: [1, 1],
    coerce: ([a], { ansi }) => [toWidest('zeroifnull', [a!, literal(0, T.INTEGER)], ansi)[0]!],
    result: ([a]) => a!.dataType,
    nullable: false,
    kernel: 'coalesce($1, 0)',
  },
  {
    name: 'equal_null',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args, { ansi }) => toWidest('equal_null', args, ansi),
    result: T.BOOLEAN,
    nullable: false,
    kernel: '($1 IS NOT DISTINCT FROM $2)',
  },
  {
    name: 'between',
    kind: 'scalar',
    arity: [3, 3],
    coerce: (args, { ansi }) => {
      const [x, low, high] = args as [Expr, Expr, Expr];
      const type = [low, high].reduce<T.DataType | undefined>((t, e) => t && comparedType(t, e.dataType, ansi), x.dataType);
      return type === undefined ? toWidest('between', args, ansi) : args.map((a) => castTo(a, type));
    },
    result: T.BOOLEAN,
    kernel: '($1 >= $2 AND $1 <= $3)',
  },
];
