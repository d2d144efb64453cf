// Functions on strings. Source: stringExpressions.scala of Spark 4.2.
import { INTEGER, STRING } from '../types/data-type.ts';
import { IN } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';

export const STRINGS: readonly FunctionSpec[] = [
  { name: 'upper', aliases: ['ucase'], kind: 'scalar', arity: [1, 1], inputs: [IN.string], result: STRING, kernel: 'upper($1)' },
  { name: 'lower', aliases: ['lcase'], kind: 'scalar', arity: [1, 1], inputs: [IN.string], result: STRING, kernel: 'lower($1)' },
  {
    name: 'length',
    aliases: ['char_length', 'character_length', 'len'],
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.string],
    result: INTEGER,
    kernel: 'length($1)::INTEGER',
  },
];
