// Joins the names that the walk found to the variables that it declared, and tells every unit on the way what it borrows. Belongs to
// `analyze.ts`.
import type { PrivateReference, Scope, Unit } from './scope.ts';
import type { Special, Walker } from './walker.ts';

/** @returns the private names, each with the class that declares it; names that no class declares are left out (V8 reports them) */
export function resolveNames(walker: Walker): PrivateReference[] {
  for (const reference of walker.references) resolveReference(reference);
  for (const special of walker.specials) resolveSpecial(special);
  return resolvePrivates(walker);
}

const parentUnit = (unit: Unit): Unit | null => outermost(unit).parent?.unit ?? null;

/** The scope of a named function expression's own name lies outside the function's scope and still belongs to the unit. */
export function outermost(unit: Unit): Scope {
  return unit.scope.rootOf === unit ? unit.scope : (unit.scope.parent as Scope);
}

function resolveReference(reference: Walker['references'][number]): void {
  const variable = reference.scope.lookup(reference.name);
  if (!variable) {
    for (let unit = reference.scope.unit; unit; unit = parentUnit(unit)) unit.globals.add(reference.name);
    return;
  }
  if (reference.write) {
    variable.reassigned = true;
    if (reference.scope.unit !== variable.scope.unit) variable.closureWritten = true;
  }
  for (let unit = reference.scope.unit; unit && unit !== variable.scope.unit; unit = parentUnit(unit)) {
    const mentions = unit.free.get(variable);
    if (mentions) mentions.push(reference);
    else unit.free.set(variable, [reference]);
  }
}

function stopsAt(scope: Scope, what: Special['what']): boolean {
  if (what === 'super') return scope.superBoundary;
  return what === 'this' ? scope.thisBoundary : scope.argumentsBoundary;
}

function resolveSpecial({ what, scope: from }: Special): void {
  for (let scope: Scope | null = from; scope && !stopsAt(scope, what); scope = scope.parent) {
    const unit = scope.rootOf;
    if (!unit) continue;
    if (what === 'this') unit.usesThis = true;
    else if (what === 'arguments') unit.usesArguments = true;
    else if (what === 'super') unit.usesSuper = true;
    else unit.usesNewTarget = true;
  }
}

function resolvePrivates(walker: Walker): PrivateReference[] {
  const found: PrivateReference[] = [];
  for (const { node, scope, inOperator } of walker.pendingPrivates) {
    const ownerClass = declaringClass(scope, node.name);
    if (!ownerClass) continue;
    found.push({ name: node.name, start: node.start, end: node.end, ownerClass, inOperator });
    for (let unit = scope.unit; unit && unit !== ownerClass; unit = parentUnit(unit)) unit.borrowedPrivates.set(node.name, ownerClass);
  }
  return found;
}

function declaringClass(from: Scope, name: string): Unit | null {
  for (let scope: Scope | null = from; scope; scope = scope.parent) {
    if (scope.kind === 'class' && scope.unit?.classInfo?.declared.has(name)) return scope.unit;
  }
  return null;
}
