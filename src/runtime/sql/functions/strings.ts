// Functions on strings. Source: stringExpressions.scala of Spark 4.2.
import { INTEGER, STRING } from '../types/data-type.ts';
import { IN } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';

export const STRINGS: readonly FunctionSpec[] = [
  {
    name: 'upper',
    aliases: ['ucase'],
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.string],
    result: STRING,
    // Beyond ASCII one letter may become several (ß → SS), which DuckDB's upper doesn't do.
    kernel: ([s], _, emit) => `CASE WHEN strlen(${s}) = length(${s}) THEN upper(${s}) ELSE ${emit.jsFunction('upper')}(${s}) END`,
  },
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
