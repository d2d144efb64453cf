// Scope analysis of one module: ESTree in, a table of units (functions and classes) out, each with its free names, whether it borrows
// `this`, `arguments`, `super` or private names from around it, and the places in its text that must change before it runs elsewhere.
// This file walks; `visit-bindings.ts` walks patterns and functions and classes; `resolve-names.ts` joins names to variables at the end.
// eslint-scope is the oracle of its test. Own code because it is twice as fast, and because eslint-scope has no notion of units.
import { hoist, declarePattern, markRequire, requiredModule } from './declare-names.ts';
import { resolveNames } from './resolve-names.ts';
import { hasDirective, Scope, type Analysis, type NameContext, type Node, type Reference, type Span, type Unit } from './scope.ts';
import { visitClass, visitFunction, visitPatternDefaults, visitTarget } from './visit-bindings.ts';
import type { PendingPrivate, SourceFormat, Special, Walker } from './walker.ts';

class ModuleWalker implements Walker {
  readonly format: SourceFormat;
  strict: boolean;
  readonly units: Unit[] = [];
  readonly references: Reference[] = [];
  readonly specials: Special[] = [];
  readonly pendingPrivates: PendingPrivate[] = [];
  readonly importMetas: Span[] = [];
  readonly dynamicImports: Span[] = [];
  readonly objects: { node: Node; units: Unit[] }[] = [];

  constructor(format: SourceFormat, strict: boolean) {
    this.format = format;
    this.strict = strict;
  }

  mention(node: Node, scope: Scope, write: boolean, form: Reference['form'] = 'plain', member?: string): void {
    this.references.push({ name: node.name, start: node.start, end: node.end, scope, write, form, member });
  }

  /** An expression that gives its name to an anonymous function or class: `name = …`, `{ name: … }`. */
  visitNamed(node: Node, scope: Scope, name: string, context: NameContext = { type: 'named', node: null }): void {
    if (node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression') {
      const unit = visitFunction(this, node, scope, name);
      if (name && !node.id) unit.nameContext = context;
    } else if (node?.type === 'ClassExpression') visitClass(this, node, scope, name);
    else this.visit(node, scope);
  }

  visitAll(nodes: readonly Node[], scope: Scope): void {
    for (const node of nodes) this.visit(node, scope);
  }

  visit(node: Node, scope: Scope): void {
    if (!node) return;
    const visitor = VISITORS[node.type];
    if (visitor) visitor(this, node, scope);
    else this.visitChildren(node, scope);
  }

  visitChildren(node: Node, scope: Scope): void {
    for (const field in node) {
      const value = node[field];
      if (Array.isArray(value)) {
        for (const item of value) if (item && typeof item.type === 'string') this.visit(item, scope);
      } else if (value && typeof value.type === 'string') this.visit(value, scope);
    }
  }
}

type Visitor = (walker: Walker, node: Node, scope: Scope) => void;
const nothing: Visitor = () => {};

const VISITORS: Readonly<Record<string, Visitor>> = {
  Identifier(walker, node, scope) {
    if (node.name === 'arguments') walker.specials.push({ what: 'arguments', scope });
    else if (node.name !== 'undefined') walker.mention(node, scope, false);
  },
  FunctionDeclaration: (walker, node, scope) => void visitFunction(walker, node, scope, node.id ? '' : 'default'),
  FunctionExpression: (walker, node, scope) => void visitFunction(walker, node, scope, ''),
  ArrowFunctionExpression: (walker, node, scope) => void visitFunction(walker, node, scope, ''),
  ClassDeclaration: (walker, node, scope) => visitClass(walker, node, scope, node.id ? '' : 'default'),
  ClassExpression: (walker, node, scope) => visitClass(walker, node, scope, ''),
  BlockStatement(walker, node, scope) {
    const block = new Scope('block', scope, scope.unit, node);
    hoist(node.body, block, walker.strict);
    walker.visitAll(node.body, block);
  },
  ForStatement: visitFor,
  ForInStatement: visitFor,
  ForOfStatement: visitFor,
  SwitchStatement(walker, node, scope) {
    walker.visit(node.discriminant, scope);
    const block = new Scope('block', scope, scope.unit, node);
    for (const branch of node.cases) hoist(branch.consequent, block, walker.strict);
    for (const branch of node.cases) {
      walker.visit(branch.test, block);
      walker.visitAll(branch.consequent, block);
    }
  },
  CatchClause(walker, node, scope) {
    const block = new Scope('block', scope, scope.unit, node);
    if (node.param) {
      declarePattern(node.param, block, 'catch');
      visitPatternDefaults(walker, node.param, block);
    }
    walker.visit(node.body, block);
  },
  VariableDeclaration: visitVariables,
  AssignmentExpression(walker, node, scope) {
    visitTarget(walker, node.left, scope);
    const name = node.left.type === 'Identifier' ? node.left.name : '';
    walker.visitNamed(node.right, scope, name, node.operator === '=' ? { type: 'assign', node } : undefined);
  },
  UpdateExpression(walker, node, scope) {
    visitTarget(walker, node.argument, scope);
  },
  MemberExpression: visitMember,
  BinaryExpression(walker, node, scope) {
    if (node.left.type === 'PrivateIdentifier') walker.pendingPrivates.push({ node: node.left, scope, inOperator: true });
    else walker.visit(node.left, scope);
    walker.visit(node.right, scope);
  },
  CallExpression(walker, node, scope) {
    visitCallee(walker, node.callee, scope);
    walker.visitAll(node.arguments, scope);
  },
  TaggedTemplateExpression(walker, node, scope) {
    visitCallee(walker, node.tag, scope);
    walker.visit(node.quasi, scope);
  },
  ObjectExpression: visitObject,
  MetaProperty(walker, node, scope) {
    if (node.meta.name === 'import') walker.importMetas.push({ start: node.start, end: node.end });
    else walker.specials.push({ what: 'newTarget', scope });
  },
  ImportExpression(walker, node, scope) {
    walker.dynamicImports.push({ start: node.start, end: node.start + 'import'.length });
    walker.visitChildren(node, scope);
  },
  ThisExpression: (walker, _node, scope) => void walker.specials.push({ what: 'this', scope }),
  Super(walker, _node, scope) {
    walker.specials.push({ what: 'super', scope }, { what: 'this', scope });
  },
  LabeledStatement: (walker, node, scope) => walker.visit(node.body, scope),
  BreakStatement: nothing,
  ContinueStatement: nothing,
  ImportDeclaration: nothing,
  ExportAllDeclaration: nothing,
  ExportNamedDeclaration: (walker, node, scope) => walker.visit(node.declaration, scope),
  ExportDefaultDeclaration: (walker, node, scope) => walker.visitNamed(node.declaration, scope, 'default'),
};

function visitFor(walker: Walker, node: Node, scope: Scope): void {
  const block = new Scope('block', scope, scope.unit, node);
  const head = node.type === 'ForStatement' ? node.init : node.left;
  if (head?.type === 'VariableDeclaration') {
    if (head.kind !== 'var') for (const declarator of head.declarations) declarePattern(declarator.id, block, head.kind);
    walker.visit(head, block);
  } else if (node.type === 'ForStatement') walker.visit(head, block);
  else visitTarget(walker, head, block);
  if (node.type === 'ForStatement') {
    walker.visit(node.test, block);
    walker.visit(node.update, block);
  } else walker.visit(node.right, block);
  walker.visit(node.body, block);
}

function visitVariables(walker: Walker, node: Node, scope: Scope): void {
  for (const declarator of node.declarations) {
    visitPatternDefaults(walker, declarator.id, scope);
    if (!declarator.init) continue;
    const name = declarator.id.type === 'Identifier' ? declarator.id.name : '';
    walker.visitNamed(declarator.init, scope, name, { type: 'declarator', node: declarator });
    const specifier = walker.format === 'commonjs' ? requiredModule(declarator.init) : null;
    if (specifier !== null && scope.functionScope() === scope) markRequire(declarator.id, scope, specifier);
  }
}

function visitMember(walker: Walker, node: Node, scope: Scope): void {
  const { object, property } = node;
  if (object.type === 'Identifier' && object.name !== 'arguments' && object.name !== 'undefined') {
    walker.mention(object, scope, false, 'plain', memberName(node));
  } else walker.visit(object, scope);
  if (node.computed) walker.visit(property, scope);
  else if (property.type === 'PrivateIdentifier') walker.pendingPrivates.push({ node: property, scope, inOperator: false });
}

function memberName({ computed, property }: Node): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

function visitCallee(walker: Walker, callee: Node, scope: Scope): void {
  if (callee.type === 'Identifier') walker.mention(callee, scope, false, 'callee');
  else walker.visit(callee, scope);
}

function visitObject(walker: Walker, node: Node, scope: Scope): void {
  const methods: Unit[] = [];
  for (const property of node.properties) {
    if (property.type !== 'Property') {
      walker.visit(property, scope);
      continue;
    }
    if (property.computed) walker.visit(property.key, scope);
    const key = property.computed ? null : String(property.key.name ?? property.key.value);
    if (property.method || property.kind !== 'init') {
      const kind = property.kind === 'init' ? 'method' : property.kind;
      methods.push(
        visitFunction(walker, property.value, scope, key ?? '', { owner: property, kind, isStatic: false, key, ownerClass: undefined }),
      );
    } else if (!property.shorthand) walker.visitNamed(property.value, scope, key ?? '');
    else if (property.value.type === 'Identifier') walker.mention(property.value, scope, false, 'shorthand');
    else walker.visit(property.value, scope);
  }
  if (methods.length > 0) walker.objects.push({ node, units: methods });
}

/** @param ast a program by acorn with `start` and `end`; not changed */
export function analyze(ast: Node, format: SourceFormat): Analysis {
  const top = new Scope('module', null, null, ast);
  top.thisBoundary = true;
  top.argumentsBoundary = true;
  top.superBoundary = true;
  if (format === 'commonjs') for (const name of ['require', 'module', 'exports', '__filename', '__dirname']) top.declare(name, 'cjs');
  const walker = new ModuleWalker(format, format === 'module' || hasDirective(ast.body, 'use strict'));
  hoist(ast.body, top, walker.strict);
  walker.visitAll(ast.body, top);
  const privateReferences = resolveNames(walker);
  let firstStatement = 0;
  for (const statement of ast.body) {
    if (statement.directive === undefined) break;
    firstStatement = statement.end;
  }
  const { units, importMetas, dynamicImports, objects } = walker;
  const byReference = hasDirective(ast.body, 'use executor');
  return { units, moduleScope: top, importMetas, dynamicImports, privateReferences, objects, firstStatement, byReference };
}
