// toDebugString: the lineage as a tree, line for line in Spark's layout.
// Source: Spark's RDD.scala, toDebugString (firstDebugString, shuffleDebugString, debugChildren).
import type { Dependency, RddNode } from '../plan/lineage.ts';
import { describeLevel } from './storage-level.ts';

export function debugString(root: RddNode): string {
  const { text, offset } = partitionText(root);
  const prefix = `${' '.repeat(offset)}|${' '.repeat(text.length - offset)}`;
  return [`${text} ${self(root)}`, ...children(root, prefix)].join('\n');
}

function self(node: RddNode): string {
  const name = node.name === undefined ? '' : `${node.name} `;
  return `${name}${node.kind}[${node.id}] at ${node.callSite} [${node.storageLevel ? describeLevel(node.storageLevel) : ''}]`;
}

function partitionText(node: RddNode): { text: string; offset: number } {
  const text = `(${node.partitions})`;
  return { text, offset: Math.floor((text.length - 1) / 2) };
}

function children(node: RddNode, prefix: string): string[] {
  const last = node.dependencies.length - 1;
  return node.dependencies.flatMap((dependency, i) => child(dependency, prefix, i === last));
}

function child({ kind, parent }: Dependency, prefix: string, isLast: boolean): string[] {
  if (kind === 'narrow') return [`${prefix}${self(parent)}`, ...children(parent, prefix)];
  const { text, offset } = partitionText(parent);
  const here = prefix.replace(/\|\s+$/, '');
  const below = `${here}${isLast ? '  ' : '| '}${' '.repeat(offset)}|${' '.repeat(text.length - offset)}`;
  return [`${here}+-${text} ${self(parent)}`, ...children(parent, below)];
}
