// Parameters of EXECUTE IMMEDIATE where no expression can stand (names, string parts: IDENTIFIER(:schema '.' :table)): their values are written into
// the text, which is read anew. Where a marker is an expression its value is bound instead, with its type. Source: ParameterSubstitutionStrategy of Spark 4.2.
import { literal, type Value } from '../logical/expressions.ts';
import { literalSql } from '../logical/literal-sql.ts';
import { tokenize } from '../parser/lexer.ts';
import type { DataType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';

export type ParameterValue = { readonly name?: string; readonly value: Value; readonly dataType: DataType };

/** @returns the text with values; undefined: a marker has none, or its type has no literal */
export function withValues(text: string, values: readonly ParameterValue[]): string | undefined {
  const tokens = tokenize(text);
  let made = '';
  let from = 0;
  let position = 0;
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    const isNamed = token.type === ':' && next?.isWord === true && next.start === token.end;
    const name = isNamed ? text.slice(next.start, next.end) : undefined;
    const given = isNamed ? values.find((v) => v.name === name) : token.type === '?' ? values[position++] : undefined;
    if (given === undefined) {
      if (token.type === '?') return undefined;
      continue;
    }
    const shown = sqlText(given);
    if (shown === undefined) return undefined;
    made += text.slice(from, token.start) + shown;
    from = isNamed ? next.end : token.end;
  }
  return from === 0 ? undefined : made + text.slice(from);
}

const SUFFIX: { readonly [tag: string]: string } = {
  byte: 'Y',
  short: 'S',
  integer: '',
  long: 'L',
  float: 'F',
  double: 'D',
  decimal: 'BD',
  boolean: '',
};

function sqlText({ value, dataType }: ParameterValue): string | undefined {
  if (value === null) return `CAST(NULL AS ${sqlType(dataType)})`;
  if (dataType.tag === 'string') return `'${(value as string).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (['array', 'map', 'struct', 'variant'].includes(dataType.tag)) return undefined;
  return `${literalSql(literal(value, dataType))}${SUFFIX[dataType.tag] ?? ''}`;
}
