// Comparisons, logic, conditionals. Source: predicates.scala, conditionalExpressions.scala, nullExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { castTo, IN, toWidest, widerType } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';

function coerceComparison(op: string): (args: readonly Expr[]) => readonly Expr[] {
  return (args) => {
    const [a, b] = args as [Expr, Expr];
    const type = widerType(a.dataType, b.dataType);
    if (type === undefined)
      throw new AnalysisException(
        'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
        {
          sqlExpr: `"(${prettySql(a)} ${op} ${prettySql(b)})"`,
          left: `"${sqlType(a.dataType)}"`,
          right: `"${sqlType(b.dataType)}"`,
        },
        a.origin,
      );
    return [castTo(a, type), castTo(b, type)];
  };
}

const comparison = (name: string, shown: string, kernel: string, nullable?: boolean): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: coerceComparison(shown),
  result: BOOLEAN,
  ...(nullable !== undefined && { nullable }),
  resultName: ([a, b]) => `(${a} ${shown} ${b})`,
  kernel,
});
const logic = (name: 'and' | 'or'): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  inputs: [IN.boolean],
  result: BOOLEAN,
  resultName: ([a, b]) => `(${a} ${name.toUpperCase()} ${b})`,
  kernel: `($1 ${name.toUpperCase()} $2)`,
});
const firstType = (args: readonly Expr[]): DataType => args[0]!.dataType;

/** `when`: condition, value, condition, value, …, and the ELSE value when their number is odd. */
const branchesOf = (args: readonly Expr[]): Expr[] =>
  args.filter((_, i) => i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1));

export const PREDICATES: readonly FunctionSpec[] = [
  comparison('==', '=', '($1 = $2)'),
  comparison('!=', '<>', '($1 <> $2)'),
  comparison('<', '<', '($1 < $2)'),
  comparison('<=', '<=', '($1 <= $2)'),
  comparison('>', '>', '($1 > $2)'),
  comparison('>=', '>=', '($1 >= $2)'),
  comparison('<=>', '<=>', '($1 IS NOT DISTINCT FROM $2)', false),
  logic('and'),
  logic('or'),
  {
    name: 'not',
    aliases: ['!'],
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.boolean],
    result: BOOLEAN,
    resultName: ([a]) => `(NOT ${a})`,
    kernel: '(NOT $1)',
  },
  {
    name: 'isnull',
    kind: 'scalar',
    arity: [1, 1],
    result: BOOLEAN,
    nullable: false,
    resultName: ([a]) => `(${a} IS NULL)`,
    kernel: '($1 IS NULL)',
  },
  {
    name: 'isnotnull',
    kind: 'scalar',
    arity: [1, 1],
    result: BOOLEAN,
    nullable: false,
    resultName: ([a]) => `(${a} IS NOT NULL)`,
    kernel: '($1 IS NOT NULL)',
  },
  {
    name: 'in',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    coerce: (args) => toWidest('in', args),
    result: BOOLEAN,
    resultName: ([a, ...rest]) => `(${a} IN (${rest.join(', ')}))`,
    kernel: ([a, ...rest]) => `(${a} IN (${rest.join(', ')}))`,
  },
  {
    name: 'coalesce',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    coerce: (args) => toWidest('coalesce', args),
    result: firstType,
    nullable: (args) => args.every((a) => a.nullable),
    kernel: 'coalesce($*)',
  },
  {
    name: 'when',
    kind: 'scalar',
    arity: [2, Number.POSITIVE_INFINITY],
    coerce: (args) => {
      const wide = toWidest('casewhen', branchesOf(args));
      let at = 0;
      return args.map((a, i) => (i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1) ? wide[at++]! : castTo(a, BOOLEAN)));
    },
    result: (args) => args[1]!.dataType,
    nullable: (args) => args.length % 2 === 0 || branchesOf(args).some((a) => a.nullable),
    resultName: (args) => {
      const whens: string[] = [];
      for (let i = 0; i + 1 < args.length; i += 2) whens.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
      return `CASE ${whens.join(' ')}${args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ''} END`;
    },
    kernel: (args) => {
      const whens: string[] = [];
      for (let i = 0; i + 1 < args.length; i += 2) whens.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
      return `CASE ${whens.join(' ')}${args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ''} END`;
    },
  },
];
