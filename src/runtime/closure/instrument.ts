// The driver's version of a module: the user's own text with marker comments in every function and class, and getters around those that
// borrow local variables. Only insertions, none with a line break: lines never move, columns move to the right on lines with insertions.
// What the inserted calls do is in `driver-runtime.ts`.
import type MagicString from 'magic-string';
import { skipBlank } from './executor-edits.ts';
import { outermost } from './resolve-names.ts';
import type { Node, Scope, Unit } from './scope.ts';

export interface Instrumentation {
  readonly text: MagicString;
  readonly source: string;
  readonly moduleId: string;
  readonly prefix: string;
}

export function instrumentUnit(unit: Unit, getter: string, into: Instrumentation): void {
  const { text, source } = into;
  const { node } = unit;
  const marker = `/*#sp${into.moduleId}.${unit.id}*/`;
  if (unit.kind === 'class') {
    text.appendLeft(node.start + 'class'.length, marker);
    registerClass(unit, getter, into);
    return;
  }
  text.appendLeft(markerOffset(unit, source), marker);
  if (getter !== '' && unit.kind !== 'method') wrap(unit, getter, into);
}

/** The first place inside the text that `Function.prototype.toString` returns. */
function markerOffset({ kind, node }: Unit, source: string): number {
  if (kind === 'method') return node.start + 1;
  if (kind !== 'arrow') return source.indexOf('function', node.start) + 'function'.length;
  const head = node.async ? skipBlank(source, node.start + 'async'.length) : node.start;
  return source[head] === '(' ? head + 1 : source.indexOf('=>', node.params[0].end) + 2;
}

function registerClass(unit: Unit, getter: string, { text, prefix }: Instrumentation): void {
  const { node, classInfo } = unit;
  if (!classInfo) return;
  const { privateFields, privateStatics } = classInfo;
  const reachable = unit.scope.parent?.kind === 'module' && node.type === 'ClassDeclaration' && node.id;
  if (getter === '' && privateFields.length === 0 && privateStatics.length === 0 && reachable) return;
  const v = `${prefix}v`;
  const read =
    privateFields.length > 0 ? `${v}=>#${privateFields[0]} in ${v}?[${privateFields.map((name) => `${v}.#${name}`)}]:null` : 'null';
  const readStatic = privateStatics.length > 0 ? `${v}=>[${privateStatics.map((name) => `${v}.#${name}`)}]` : 'null';
  text.appendLeft(node.body.end - 1, `;static{${prefix}k(this,${getter || 'null'},${read},${readStatic})}`);
}

/** Gives the function its getter without changing its name: the way depends on where the name comes from. */
function wrap(unit: Unit, getter: string, { text, prefix }: Instrumentation): void {
  const { node, nameContext } = unit;
  const around = outermost(unit).parent as Scope;
  if (unit.kind === 'declaration') {
    if (node.id) text.appendLeft(blockStart(around) ?? node.end, `;${prefix}c(${node.id.name},${getter});`);
    return;
  }
  if (nameContext?.type === 'declarator' && around.kind !== 'module') {
    text.appendLeft(nameContext.node.end, `,${prefix}${unit.id}=${prefix}c(${unit.name},${getter})`);
    return;
  }
  if (nameContext?.type === 'assign') {
    text.prependRight(nameContext.node.start, `${prefix}c(`);
    text.appendLeft(nameContext.node.end, `,${getter})`);
    return;
  }
  const key = nameContext && unit.name && !unit.name.startsWith('#') ? JSON.stringify(unit.name) : '';
  text.prependRight(node.start, key ? `${prefix}c({${key}:` : `${prefix}c(`);
  text.appendLeft(node.end, key ? `}[${key}],${getter})` : `,${getter})`);
}

/** `__o({ … }, "key", getter, …)` around an object literal whose methods borrow local variables. */
export function instrumentObject(
  node: Node,
  methods: readonly { key: string | null; getter: string }[],
  { text, prefix }: Instrumentation,
): void {
  if (methods.length === 0) return;
  text.prependRight(node.start, `${prefix}o(`);
  const pairs = methods.map(({ key, getter }) => `,${key === null ? 'null' : JSON.stringify(key)},${getter}`);
  text.appendLeft(node.end, `${pairs.join('')})`);
}

/** Where a statement can be put at the start of a scope's block; null where there is no such place. */
export function blockStart({ kind, node }: Scope): number | null {
  if (kind === 'function') {
    if (node.body.type !== 'BlockStatement') return null;
    let at = node.body.start + 1;
    for (const statement of node.body.body) {
      if (statement.directive === undefined) break;
      at = statement.end;
    }
    return at;
  }
  if (node.type === 'BlockStatement') return node.start + 1;
  if (node.type === 'StaticBlock') return node.body[0]?.start ?? null;
  const eachHasItsOwn = node.type === 'ForOfStatement' || node.type === 'ForInStatement';
  return eachHasItsOwn && node.body.type === 'BlockStatement' ? node.body.start + 1 : null;
}
