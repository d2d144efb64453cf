// What must change in the text of a unit before it can run outside its module: shared variables become cells, private names become
// registered symbols, `import.meta` and `import()` become names. Lines and, where possible, columns stay. `class-edits.ts` has the rest
// for classes.
import { classEdits } from './class-edits.ts';
import { privateKey, type Edit, type Slot } from './module-meta.ts';
import type { Analysis, PrivateReference, Reference, Span, Unit } from './scope.ts';

export interface TextOfUnit {
  readonly start: number;
  readonly end: number;
  readonly edits: Edit[];
  readonly privateKeys: string[];
  readonly dropsName: boolean;
}

export function executorText(unit: Unit, slots: readonly Slot[], analysis: Analysis, source: string, moduleHash: string): TextOfUnit {
  const { node } = unit;
  const start: number = unit.kind === 'method' ? unit.method?.owner.start : node.start;
  const end: number = node.end;
  const edits: Edit[] = [];
  const within = (span: Span) => span.start >= start && span.end <= end;
  for (const span of analysis.importMetas) if (within(span)) edits.push([span.start, span.end, '$importMeta']);
  for (const span of analysis.dynamicImports) if (within(span)) edits.push([span.start, span.end, '$dynim']);
  const cells = new Set(slots.filter((slot) => 'cell' in slot && slot.cell).map((slot) => slot.name));
  for (const [variable, mentions] of unit.free) if (cells.has(variable.name)) edits.push(...mentions.map(cellEdit));
  const privateKeys = [...unit.borrowedPrivates].map(([name, ownerClass]) => privateKey(moduleHash, ownerClass.id, name));
  if (privateKeys.length > 0) edits.push(...privateEdits(unit, analysis.privateReferences.filter(within), source));
  if (unit.kind === 'class') edits.push(...classEdits(unit, source, moduleHash));
  const owner = unit.method?.owner;
  // a computed name can't be evaluated again: the method has the name that it got
  if (owner?.computed) edits.push([owner.key.start - 1, skipBlank(source, owner.key.end) + 1, JSON.stringify(unit.name || 'computed')]);
  const dropsName = losesItsName(unit);
  if (dropsName) edits.push([node.id.start, node.id.end, ' '.repeat(node.id.end - node.id.start)]);
  edits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { start, end, edits, privateKeys, dropsName };
}

function cellEdit({ name, start, end, form }: Reference): Edit {
  if (form === 'shorthand') return [start, end, `${name}:${name}.$`];
  return [start, end, form === 'callee' ? `(0,${name}.$)` : `${name}.$`];
}

function privateEdits(unit: Unit, references: readonly PrivateReference[], source: string): Edit[] {
  const names = [...unit.borrowedPrivates.keys()];
  return references
    .filter(({ name, ownerClass }) => unit.borrowedPrivates.get(name) === ownerClass)
    .map((reference) => {
      const symbol = `$p${names.indexOf(reference.name)}`;
      return reference.inOperator ? [reference.start, reference.end, symbol] : memberEdit(source, reference, symbol);
    });
}

/** `.#x` → `[$p0]` and `?.#x` → `?.[$p0]` */
function memberEdit(source: string, { start, end }: Span, symbol: string): Edit {
  const dot = source.lastIndexOf('.', start);
  return source[dot - 1] === '?' ? [dot - 1, end, `?.[${symbol}]`] : [dot, end, `[${symbol}]`];
}

function losesItsName({ kind, node, free }: Unit): boolean {
  if (kind !== 'declaration' || !node.id) return false;
  return [...free.keys()].some((variable) => variable.name === node.id.name && (variable.reassigned || variable.closureWritten));
}

/** @returns the offset of the first character from `at` on that is neither blank nor comment */
export function skipBlank(source: string, at: number): number {
  for (;;) {
    if (/\s/.test(source[at] ?? '')) at++;
    else if (source.startsWith('/*', at)) at = source.indexOf('*/', at) + 2;
    else if (source.startsWith('//', at)) at = source.indexOf('\n', at) + 1;
    else return at;
  }
}
