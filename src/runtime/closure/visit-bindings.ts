// The parts of the walk that bind names: functions, classes, destructuring patterns, assignment targets. Belongs to `analyze.ts`.
import { declarePattern, hoist } from './declare-names.ts';
import { hasDirective, Scope, type ClassInfo, type MethodInfo, type Node, type Unit } from './scope.ts';
import type { Walker } from './walker.ts';

/** Expressions hidden in a binding pattern: defaults and computed keys. */
export function visitPatternDefaults(walker: Walker, pattern: Node, scope: Scope): void {
  switch (pattern?.type) {
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.computed) walker.visit(property.key, scope);
        visitPatternDefaults(walker, property.argument ?? property.value, scope);
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) visitPatternDefaults(walker, element, scope);
      break;
    case 'AssignmentPattern':
      visitPatternDefaults(walker, pattern.left, scope);
      walker.visitNamed(pattern.right, scope, pattern.left.type === 'Identifier' ? pattern.left.name : '');
      break;
    case 'RestElement':
      visitPatternDefaults(walker, pattern.argument, scope);
      break;
  }
}

/** What is assigned to: names in it are written. */
export function visitTarget(walker: Walker, target: Node, scope: Scope, shorthand = false): void {
  switch (target?.type) {
    case undefined:
      break;
    case 'Identifier':
      walker.mention(target, scope, true, shorthand ? 'shorthand' : 'plain');
      break;
    case 'ObjectPattern':
      for (const property of target.properties) {
        if (property.computed) walker.visit(property.key, scope);
        visitTarget(walker, property.argument ?? property.value, scope, property.shorthand === true);
      }
      break;
    case 'ArrayPattern':
      for (const element of target.elements) visitTarget(walker, element, scope);
      break;
    case 'AssignmentPattern':
      visitTarget(walker, target.left, scope, shorthand);
      walker.visit(target.right, scope);
      break;
    case 'RestElement':
      visitTarget(walker, target.argument, scope);
      break;
    case 'ParenthesizedExpression':
      visitTarget(walker, target.expression, scope);
      break;
    default:
      walker.visit(target, scope);
  }
}

function newUnit(walker: Walker, kind: Unit['kind'], node: Node, parent: Scope, name: string, method?: MethodInfo): Unit {
  const unit: Unit = {
    id: walker.units.length,
    kind,
    node,
    name,
    method,
    scope: parent,
    strict: walker.strict,
    free: new Map(),
    globals: new Set(),
    borrowedPrivates: new Map(),
    usesThis: false,
    usesArguments: false,
    usesSuper: false,
    usesNewTarget: false,
    classInfo: undefined,
    nameContext: undefined,
  };
  walker.units.push(unit);
  return unit;
}

export function visitFunction(walker: Walker, node: Node, scope: Scope, name: string, method?: MethodInfo): Unit {
  const arrow = node.type === 'ArrowFunctionExpression';
  const kind = arrow ? 'arrow' : method ? 'method' : node.type === 'FunctionDeclaration' ? 'declaration' : 'function';
  const unit = newUnit(walker, kind, node, scope, node.id?.name ?? name, method);
  let outer = scope;
  if (node.type === 'FunctionExpression' && node.id) {
    outer = new Scope('fnname', scope, unit, node);
    outer.declare(node.id.name, 'fnname');
  }
  const own = new Scope('function', outer, unit, node);
  (outer === scope ? own : outer).rootOf = unit;
  unit.scope = own;
  own.thisBoundary = !arrow;
  own.argumentsBoundary = !arrow;
  own.superBoundary = method !== undefined;
  const wasStrict = walker.strict;
  const hasBlock = node.body.type === 'BlockStatement';
  if (hasBlock && hasDirective(node.body.body, 'use strict')) walker.strict = true;
  unit.strict = walker.strict;
  for (const parameter of node.params) declarePattern(parameter, own, 'param');
  for (const parameter of node.params) visitPatternDefaults(walker, parameter, own);
  if (hasBlock) {
    hoist(node.body.body, own, walker.strict);
    walker.visitAll(node.body.body, own);
  } else walker.visit(node.body, own);
  walker.strict = wasStrict;
  return unit;
}

export function visitClass(walker: Walker, node: Node, scope: Scope, name: string): void {
  const unit = newUnit(walker, 'class', node, scope, node.id?.name ?? name);
  const wasStrict = walker.strict;
  walker.strict = true;
  unit.strict = true;
  const own = new Scope('class', scope, unit, node);
  own.rootOf = unit;
  unit.scope = own;
  if (node.id) own.declare(node.id.name, 'classname');
  unit.classInfo = privateMembers(node.body.body);
  walker.visit(node.superClass, own);
  for (const member of node.body.body) visitMemberOfClass(walker, member, own, unit);
  walker.strict = wasStrict;
}

function privateMembers(members: readonly Node[]): ClassInfo {
  const info: ClassInfo = { declared: new Set(), privateFields: [], privateStatics: [], privateMethods: [] };
  for (const { key, type, kind, static: isStatic } of members) {
    if (key?.type !== 'PrivateIdentifier') continue;
    info.declared.add(key.name);
    if (type === 'MethodDefinition') info.privateMethods.push({ name: key.name, isStatic, kind });
    else (isStatic ? info.privateStatics : info.privateFields).push(key.name);
  }
  return info;
}

function visitMemberOfClass(walker: Walker, member: Node, classScope: Scope, unit: Unit): void {
  if (member.type === 'StaticBlock') {
    const block = initScope(classScope, unit, member);
    hoist(member.body, block, true);
    walker.visitAll(member.body, block);
    return;
  }
  if (member.computed) walker.visit(member.key, classScope);
  const key = memberKey(member);
  if (member.type === 'MethodDefinition') {
    const method: MethodInfo = { owner: member, kind: member.kind, isStatic: member.static, key, ownerClass: unit };
    visitFunction(walker, member.value, classScope, key ?? '', method);
  } else if (member.value) walker.visitNamed(member.value, initScope(classScope, unit, member), key ?? '');
}

function memberKey({ computed, key }: Node): string | null {
  if (computed) return null;
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : String(key.name ?? key.value);
}

/** Field initialisers and static blocks are functions of their own to `this`, `arguments` and `super`. */
function initScope(parent: Scope, unit: Unit, node: Node): Scope {
  const scope = new Scope('init', parent, unit, node);
  scope.thisBoundary = true;
  scope.argumentsBoundary = true;
  scope.superBoundary = true;
  return scope;
}
