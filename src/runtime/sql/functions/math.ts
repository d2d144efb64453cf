// Functions of mathematics on doubles, number theory and their edges as Java has them: NaN outside of a domain, NULL for logarithms of what is not
// positive. Rounding: rounding.ts; operators: arithmetic.ts. Source: mathExpressions.scala of Spark 4.2.
import type { Call } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { literalOf } from './arguments.ts';
import { IN, isAnsiInterval, isIntegral, isNumeric, toWidest } from './coercion.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';

const NAN = "'nan'::DOUBLE";
const INFINITY = "'inf'::DOUBLE";

const onDouble = (name: string, kernel: string, more: Partial<ScalarSpec> = {}): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [IN.double],
  result: T.DOUBLE,
  // Spark's names of these are in capitals, but for the oldest.
  ...(name !== 'ln' && name !== 'rint' && { resultName: (args: readonly string[]) => `${name.toUpperCase()}(${args.join(', ')})` }),
  nullable: true,
  kernel,
  ...more,
});
const inJavaScript = (name: string): ScalarSpec => ({
  ...onDouble(name, ''),
  kernel: ([x], _, emit) => `${emit.jsFunction('math', name)}(${x})`,
});
const computed = (spec: ScalarSpec, kernel: (args: readonly string[], call: Call, emit: KernelContext) => string): ScalarSpec => ({
  ...spec,
  kernel,
});
const onTwo = (name: string, kernel: string): ScalarSpec =>
  onDouble(name, kernel, { arity: [2, 2], nullable: (args) => args.some((a) => a.nullable) });
/** C's pow(1, y) is 1 whatever y is, as pow(-1, infinity); Java's is NaN where y is NaN or infinite. */
const power = (name: string): ScalarSpec =>
  computed(onTwo(name, ''), ([x, y], { args }) => {
    const plain = `pow(${x}, ${y})`;
    if (Number.isFinite(Number(literalOf(args[1])?.value ?? NaN))) return plain;
    return `CASE WHEN abs(${x}) = 1 AND NOT isfinite(${y}) THEN ${NAN} ELSE ${plain} END`;
  });
/** Where it has no value DuckDB fails; Java says NaN. */
const within = (name: string, condition: string, kernel: string): ScalarSpec =>
  onDouble(name, `CASE WHEN ${condition} THEN ${kernel} WHEN $1 IS NOT NULL THEN ${NAN} END`);
const logarithm = (name: string, kernel: string, above = '0'): ScalarSpec =>
  onDouble(name, kernel.replace('$1', `CASE WHEN $1 > ${above} THEN $1 END`), { nullable: true });

const extreme = (name: 'greatest' | 'least'): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [2, Number.POSITIVE_INFINITY],
  coerce: (args, { ansi }) => toWidest(name, args, ansi, { promoteStrings: false }),
  result: ([a]) => a!.dataType,
  nullable: (args) => args.every((a) => a.nullable),
  kernel: `${name}($*)`,
});

const bitsOf = [IN.long];

export const MATH: readonly FunctionSpec[] = [
  within('sqrt', '$1 >= 0', 'sqrt($1)'),
  inJavaScript('cbrt'),
  onDouble('exp', 'exp($1)'),
  inJavaScript('expm1'),
  logarithm('ln', 'ln($1)'),
  logarithm('log10', 'log10($1)'),
  logarithm('log2', 'log2($1)'),
  computed(onDouble('log1p', ''), ([x], _, emit) => `${emit.jsFunction('math', 'log1p')}(CASE WHEN ${x} > -1 THEN ${x} END)`),
  computed(
    onDouble('log', '', { arity: [1, 2], resultName: ([a, b]) => (b === undefined ? `LOG(E(), ${a})` : `LOG(${a}, ${b})`) }),
    ([a, b]) => {
      const positive = (x: string): string => `ln(CASE WHEN ${x} > 0 THEN ${x} END)`;
      return b === undefined ? positive(a!) : `(${positive(b)} / ${positive(a!)})`;
    },
  ),
  { ...power('pow'), resultName: (args) => `pow(${args.join(', ')})` },
  power('power'),
  within('sin', 'isfinite($1)', 'sin($1)'),
  within('cos', 'isfinite($1)', 'cos($1)'),
  within('tan', 'isfinite($1)', 'tan($1)'),
  onDouble('cot', `CASE WHEN $1 = 0 THEN ${INFINITY} ELSE 1 / tan($1) END`),
  onDouble('sec', '(1 / cos($1))'),
  onDouble('csc', '(1 / sin($1))'),
  within('asin', 'abs($1) <= 1', 'asin($1)'),
  within('acos', 'abs($1) <= 1', 'acos($1)'),
  onDouble('atan', 'atan($1)'),
  onTwo('atan2', 'atan2($1, $2)'),
  inJavaScript('sinh'),
  inJavaScript('cosh'),
  inJavaScript('tanh'),
  inJavaScript('asinh'),
  inJavaScript('acosh'),
  inJavaScript('atanh'),
  computed(onTwo('hypot', ''), ([x, y], _, emit) => `${emit.jsFunction('hypot')}(${x}, ${y})`),
  onDouble('degrees', '($1 * (180 / pi()))'),
  onDouble('radians', '($1 / 180 * pi())'),
  onDouble('rint', 'round_even($1, 0)'),
  {
    name: 'e',
    kind: 'scalar',
    arity: [0, 0],
    result: T.DOUBLE,
    nullable: false,
    resultName: () => 'E()',
    kernel: '2.718281828459045::DOUBLE',
  },
  { name: 'pi', kind: 'scalar', arity: [0, 0], result: T.DOUBLE, nullable: false, resultName: () => 'PI()', kernel: 'pi()' },
  ...['sign', 'signum'].map(
    (name): ScalarSpec => ({
      name,
      kind: 'scalar',
      arity: [1, 1],
      inputs: [{ ...IN.double, accepts: (t) => t.tag === 'double' || isAnsiInterval(t) }],
      result: T.DOUBLE,
      nullable: true,
      resultName: ([a]) => `${name === 'signum' ? 'SIGNUM' : name}(${a})`,
      kernel: ([x]) => `CASE WHEN isnan(${x}::DOUBLE) OR ${x} = 0 THEN ${x}::DOUBLE WHEN ${x} > 0 THEN 1 WHEN ${x} < 0 THEN -1 END::DOUBLE`,
    }),
  ),
  {
    name: 'factorial',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.integer],
    result: T.LONG,
    nullable: true,
    kernel: 'CAST(factorial(CASE WHEN $1 BETWEEN 0 AND 20 THEN $1 END) AS BIGINT)',
  },
  {
    name: 'isnan',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [{ ...IN.double, name: '("DOUBLE" or "FLOAT")', accepts: (t) => t.tag === 'double' || t.tag === 'float' }],
    result: T.BOOLEAN,
    nullable: false,
    kernel: 'coalesce(isnan($1), false)',
  },
  {
    name: 'nanvl',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [IN.double],
    result: T.DOUBLE,
    kernel: 'CASE WHEN isnan($1) THEN $2 ELSE $1 END',
  },
  extreme('greatest'),
  extreme('least'),
  {
    name: 'bin',
    kind: 'scalar',
    arity: [1, 1],
    inputs: bitsOf,
    result: T.STRING,
    kernel: ([x], _, emit) => `${emit.jsFunction('bin')}(${x})`,
  },
  {
    name: 'hex',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [
      {
        ...IN.long,
        name: '("BIGINT" or "BINARY" or "STRING")',
        accepts: (t) => t.tag === 'long' || t.tag === 'binary' || t.tag === 'string',
        castFrom: (t) => (isIntegral(t) || t.tag === 'null' || isNumeric(t) ? T.LONG : undefined),
      },
    ],
    result: T.STRING,
    kernel: ([x], call) => (call.args[0]!.dataType.tag === 'long' ? `printf('%X', ${x})` : `hex(${x})`),
  },
  {
    name: 'unhex',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.string],
    result: T.BINARY,
    nullable: true,
    // An odd number of digits has a zero before; what is no digit makes the whole NULL.
    kernel: "unhex(CASE WHEN regexp_full_match($1, '[0-9a-fA-F]*') THEN CASE WHEN length($1) % 2 = 1 THEN '0' || $1 ELSE $1 END END)",
  },
  {
    name: 'conv',
    kind: 'scalar',
    arity: [3, 3],
    inputs: [IN.string, IN.integer, IN.integer],
    result: T.STRING,
    nullable: true,
    kernel: ([x, from, to], _, emit) => `${emit.jsFunction('conv', emit.settings.ansi ? 'ansi' : 'legacy')}(${x}, ${from}, ${to})`,
  },
  {
    name: 'width_bucket',
    kind: 'scalar',
    arity: [4, 4],
    inputs: [
      { ...IN.double, accepts: (t) => t.tag === 'double' || isAnsiInterval(t) },
      { ...IN.double, accepts: (t) => t.tag === 'double' || isAnsiInterval(t) },
      { ...IN.double, accepts: (t) => t.tag === 'double' || isAnsiInterval(t) },
      IN.long,
    ],
    result: T.LONG,
    nullable: true,
    kernel: ([x, low, high, buckets], _, emit) =>
      `${emit.jsFunction('width_bucket')}(${x}::DOUBLE, ${low}::DOUBLE, ${high}::DOUBLE, ${buckets})`,
  },
];
