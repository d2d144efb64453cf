// Expressions as explain prints them: columns with their numbers, `k#3`, and `L` behind whole numbers of 64 bits. Source: Expression.toString.
import type { Attribute, Expr, NamedExpr, SortOrder } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { transformUp } from '../logical/tree.ts';

export const attributeText = (a: Pick<Attribute, 'name' | 'exprId' | 'dataType'>): string =>
  `${a.name}#${a.exprId}${a.dataType.tag === 'long' ? 'L' : ''}`;
export const attributesText = (list: readonly Attribute[]): string => `[${list.map(attributeText).join(', ')}]`;

export function expressionText(e: Expr): string {
  if (e.kind === 'alias') return `${expressionText(e.child)} AS ${attributeText(e)}`;
  return prettySql(transformUp(e, (x) => (x.kind === 'attribute' ? { ...x, name: attributeText(x) } : x)));
}
export const expressionsText = (list: readonly Expr[]): string => `[${list.map(expressionText).join(', ')}]`;
export const namedText = (list: readonly NamedExpr[]): string => expressionsText(list);
export const orderText = (list: readonly SortOrder[]): string =>
  `[${list.map((o) => `${expressionText(o.child)} ${o.ascending ? 'ASC' : 'DESC'} NULLS ${o.nullsFirst ? 'FIRST' : 'LAST'}`).join(', ')}]`;
