// Decides for each free name of a unit where an executor will get it from, and writes the getter that asks for the local ones.
import { executorText } from './executor-edits.ts';
import { blockStart } from './instrument.ts';
import { privateKey, type ClassMeta, type Slot, type UnitMeta } from './module-meta.ts';
import type { Analysis, Reference, Span, Unit, Variable } from './scope.ts';

export const STANDARD_GLOBALS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

export interface ModuleContext {
  readonly analysis: Analysis;
  readonly source: string;
  readonly hash: string;
  /** Prefix of injected names. */
  readonly prefix: string;
  /** Index of a module-level name in the accessor; a new name is added. */
  readonly access: (name: string) => number;
  /** Local variables that need an identity token in the driver. */
  readonly tokens: Variable[];
}

export interface DescribedUnit {
  readonly meta: UnitMeta;
  /** Source text of the getter, '' when the unit borrows nothing local. */
  readonly getter: string;
}

export function describeUnit(unit: Unit, context: ModuleContext): DescribedUnit {
  const slots: Slot[] = [];
  const answers: string[] = [];
  const methodOfClass = unit.method?.ownerClass !== undefined;
  for (const [variable, mentions] of unit.free) {
    if (variable.scope.kind === 'module') slots.push(moduleSlot(variable, mentions, context));
    else slots.push(localSlot(variable, answers, methodOfClass, context));
  }
  for (const name of unit.globals) {
    if (STANDARD_GLOBALS.has(name)) continue;
    slots.push({ name, from: 'module', index: context.access(name), cell: false, declared: false });
  }
  const borrow = (used: boolean, answer: string) => (used && unit.kind === 'arrow' ? answers.push(answer) - 1 : -1);
  const thisIndex = borrow(unit.usesThis, 'this');
  const argumentsIndex = borrow(unit.usesArguments, 'arguments');
  const { analysis, source } = context;
  const inside = (span: Span) => span.start >= unit.node.start && span.end <= unit.node.end;
  if (analysis.importMetas.some(inside)) slots.push({ name: '$importMeta', from: 'special', what: 'meta' });
  if (analysis.dynamicImports.some(inside)) slots.push({ name: '$dynim', from: 'special', what: 'dynamicImport' });
  const getter = answers.length > 0 && !methodOfClass ? getterText(answers, context.prefix) : '';
  const text = executorText(unit, slots, analysis, source, context.hash);
  const meta: UnitMeta = {
    id: unit.id,
    kind: text.dropsName ? 'function' : unit.kind,
    name: unit.name,
    strict: unit.strict,
    at: unit.node.start,
    ...text,
    slots,
    thisIndex,
    argumentsIndex,
    hasGetter: getter !== '',
    problem: problemOf(unit, source),
    methodKind: unit.method?.kind,
    isStatic: unit.method?.isStatic ?? false,
    ownerClass: unit.method?.ownerClass?.id ?? -1,
    classMeta: classMetaOf(unit, context.hash),
  };
  return { meta, getter };
}

function moduleSlot(variable: Variable, mentions: readonly Reference[], { access }: ModuleContext): Slot {
  const { name } = variable;
  if (variable.kind === 'cjs' && name === 'require') return { name, from: 'special', what: 'require' };
  const members = membersOnly(mentions);
  if (variable.importFrom) return { name, from: 'import', index: access(name), ...variable.importFrom, members };
  const namespace = name === 'exports' || name === 'module';
  return {
    name,
    from: 'module',
    index: access(name),
    cell: variable.closureWritten,
    declared: true,
    members: namespace ? members : undefined,
  };
}

/** The properties, when a name is only ever mentioned as `name.property`. */
function membersOnly(mentions: readonly Reference[]): string[] | undefined {
  const names = new Set<string>();
  for (const { member, write } of mentions) {
    if (member === undefined || write) return undefined;
    names.add(member);
  }
  return [...names];
}

function localSlot(variable: Variable, answers: string[], methodOfClass: boolean, { tokens, prefix }: ModuleContext): Slot {
  const { name, closureWritten: cell } = variable;
  let token = -1;
  if (cell && !methodOfClass) {
    if (variable.token < 0 && blockStart(variable.scope) !== null) variable.token = tokens.push(variable) - 1;
    if (variable.token >= 0) token = answers.push(`${prefix}t${variable.token}`) - 1;
  }
  return { name, from: 'local', index: answers.push(name) - 1, cell, token };
}

function getterText(answers: readonly string[], prefix: string): string {
  const branches = answers.slice(0, -1).map((answer, index) => `${prefix}i==${index}?${answer}:`);
  return `${prefix}i=>${branches.join('')}${answers.at(-1)}`;
}

function problemOf(unit: Unit, source: string): string | undefined {
  const text = () => source.slice(unit.node.start, unit.node.end);
  if (unit.kind === 'arrow' && unit.usesSuper) return 'it uses `super` from the enclosing method; copy what it needs to a local constant';
  if (unit.kind === 'method' && !unit.method?.ownerClass && /\bsuper\b/.test(text()))
    return 'it is an object-literal method that uses `super`';
  if (unit.kind === 'arrow' && unit.usesNewTarget) return 'it uses `new.target` of the enclosing function';
  if (unit.kind === 'class' && unit.usesThis) return 'a computed member name of the class uses `this`';
  return undefined;
}

function classMetaOf(unit: Unit, hash: string): ClassMeta | undefined {
  const info = unit.classInfo;
  if (!info) return undefined;
  const keys = (names: readonly string[]) => names.map((name) => privateKey(hash, unit.id, name));
  return {
    hasParent: unit.node.superClass !== null,
    privateFields: info.privateFields,
    privateFieldKeys: keys(info.privateFields),
    privateStatics: info.privateStatics,
    privateStaticKeys: keys(info.privateStatics),
  };
}
