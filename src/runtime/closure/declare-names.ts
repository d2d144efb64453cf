// What names a statement list declares, and in which scope: `let` and `const` in their block, `var` in the function, imports in the module.
// It looks at declarations only; mentions of names are found by `analyze.ts`.
import type { Node, Scope } from './scope.ts';

export function declarePattern(pattern: Node, scope: Scope, kind: string): void {
  switch (pattern?.type) {
    case 'Identifier':
      scope.declare(pattern.name, kind);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) declarePattern(property.argument ?? property.value, scope, kind);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) declarePattern(element, scope, kind);
      break;
    case 'AssignmentPattern':
      declarePattern(pattern.left, scope, kind);
      break;
    case 'RestElement':
      declarePattern(pattern.argument, scope, kind);
      break;
  }
}

/** let, const, class, function and import of one statement list; with it every `var` below, when the scope is where those land. */
export function hoist(body: readonly Node[], scope: Scope, strict: boolean): void {
  for (const statement of body) {
    const exported = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    const declaration = exported ? statement.declaration : statement;
    if (declaration) hoistOne(declaration, scope, strict);
  }
  if (scope.functionScope() === scope) hoistVars(body, scope);
}

function hoistOne(declaration: Node, scope: Scope, strict: boolean): void {
  switch (declaration.type) {
    case 'VariableDeclaration':
      if (declaration.kind === 'var') return;
      for (const declarator of declaration.declarations) declarePattern(declarator.id, scope, declaration.kind);
      return;
    case 'FunctionDeclaration':
      if (!declaration.id) return;
      scope.declare(declaration.id.name, 'function');
      // Annex B of the language: in sloppy code a function in a block is a `var` too
      if (!strict && scope.kind === 'block') scope.functionScope().declare(declaration.id.name, 'var');
      return;
    case 'ClassDeclaration':
      if (declaration.id) scope.declare(declaration.id.name, 'class');
      return;
    case 'ImportDeclaration':
      for (const specifier of declaration.specifiers) {
        const variable = scope.declare(specifier.local.name, 'import');
        variable.importFrom = { specifier: declaration.source.value, imported: importedName(specifier) };
      }
  }
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.imported.name ?? specifier.imported.value;
}

/** Statement types that can hold a `var` further down, and the fields where. Functions and classes keep theirs. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  BlockStatement: ['body'],
  IfStatement: ['consequent', 'alternate'],
  ForStatement: ['init', 'body'],
  ForInStatement: ['left', 'body'],
  ForOfStatement: ['left', 'body'],
  WhileStatement: ['body'],
  DoWhileStatement: ['body'],
  LabeledStatement: ['body'],
  WithStatement: ['body'],
  TryStatement: ['block', 'handler', 'finalizer'],
  CatchClause: ['body'],
  SwitchStatement: ['cases'],
  SwitchCase: ['consequent'],
  ExportNamedDeclaration: ['declaration'],
};

function hoistVars(node: Node, scope: Scope): void {
  if (Array.isArray(node)) {
    for (const item of node) hoistVars(item, scope);
    return;
  }
  if (!node) return;
  if (node.type === 'VariableDeclaration') {
    if (node.kind === 'var') for (const declarator of node.declarations) declarePattern(declarator.id, scope, 'var');
    return;
  }
  for (const field of NESTED[node.type] ?? []) hoistVars(node[field], scope);
}

/** The module name of `require('…')`, when that is what the expression is. */
export function requiredModule(node: Node): string | null {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return null;
  const [argument] = node.arguments;
  return node.arguments.length === 1 && argument.type === 'Literal' && typeof argument.value === 'string' ? argument.value : null;
}

/** `const x = require('m')` and `const { a, b: c } = require('m')` are imports in all but name. */
export function markRequire(id: Node, scope: Scope, specifier: string): void {
  if (id.type === 'Identifier') {
    const variable = scope.lookup(id.name);
    if (variable) variable.importFrom = { specifier, imported: '*' };
    return;
  }
  if (id.type !== 'ObjectPattern') return;
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.computed || property.value.type !== 'Identifier') continue;
    const variable = scope.lookup(property.value.name);
    if (variable) variable.importFrom = { specifier, imported: property.key.name ?? String(property.key.value) };
  }
}
