// Unresolved plans as explain prints them, with a tick before what is not resolved. Only operators and the names in them: what an expression
// says stands in its own text. Source: the toString of unresolved operators in Spark 4.2.
import type { Relation } from '../plan/relations.ts';
import { treeText } from './tree-text.ts';

type Any = { readonly kind: string } & Readonly<Record<string, unknown>>;

export const parsedText = (relation: Relation): string => treeText(relation as Any, textOf, childrenOf);

const isRelation = (x: unknown): x is Any => typeof x === 'object' && x !== null && typeof (x as Any).kind === 'string';
/** Fields that hold relations, whatever the operator. */
const CHILDREN = ['input', 'left', 'right', 'inputs'] as const;

const childrenOf = (node: Any): readonly Any[] =>
  CHILDREN.flatMap((name) => {
    const value = node[name];
    return Array.isArray(value) ? value.filter(isRelation) : isRelation(value) ? [value] : [];
  });

function textOf(node: Any): string {
  const name = `${node.kind[0]!.toUpperCase()}${node.kind.slice(1)}`;
  const { namedTable, dataSource } = node as {
    namedTable?: { nameParts: readonly string[] };
    dataSource?: { format?: string; paths: readonly string[] };
  };
  if (namedTable !== undefined) return `'UnresolvedRelation [${namedTable.nameParts.join(', ')}], [], false`;
  if (dataSource !== undefined) return `'UnresolvedRelation ${dataSource.format ?? ''} [${dataSource.paths.join(', ')}]`;
  const texts = ['expressions', 'condition', 'joinCondition', 'groupingExpressions', 'aggregateExpressions', 'order']
    .map((field) => sourceText(node[field]))
    .filter((text) => text !== '');
  return `'${name}${texts.length > 0 ? ` ${texts.join(', ')}` : ''}`;
}

/** The piece of the query's text that an expression was read from. */
function sourceText(value: unknown): string {
  if (Array.isArray(value)) {
    const parts = value.map(sourceText).filter((text) => text !== '');
    return parts.length > 0 ? `[${parts.join(', ')}]` : '';
  }
  const origin = (value as { origin?: { sqlText?: { text: string }; start?: number; stop?: number } } | undefined)?.origin;
  const { sqlText, start, stop } = origin ?? {};
  if (sqlText === undefined || start === undefined || stop === undefined) return '';
  return `'${sqlText.text.slice(start, stop)}`;
}
