// The TypeScript that can't be erased (enum, namespace, parameter properties), rewritten in place: every token that stays, stays on its
// line, so no source map is needed. The result still has types: they are stripped next. Node's own "transform" mode prints the file anew
// and is removed in Node 26 (nodejs/node #61803). oxc-parser is native and costs 20 ms to load, so `loader.ts` comes here only for such
// files.
import type MagicString from 'magic-string';
import { magicString } from './lazy-packages.ts';
import type { Node } from './scope.ts';

/** @param program the tree of `source` by oxc-parser with `lang: 'ts'` and `preserveParens`
 *  @throws SyntaxError `file:line: … is not supported` for forms without an ES module equivalent */
export function lowerTypeScript(source: string, file: string, program: Node): string {
  const lowering = new Lowering(source, file);
  lowering.walk(program, null, null);
  return lowering.text.toString();
}

const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null;

class Lowering {
  readonly text: MagicString;
  readonly #source: string;
  readonly #file: string;

  constructor(source: string, file: string) {
    const Editor = magicString();
    this.text = new Editor(source);
    this.#source = source;
    this.#file = file;
  }

  /** @param namespace name of the namespace that exports the node, if one does */
  walk(node: Node, parent: Node, namespace: string | null): void {
    if (!isNode(node)) return;
    if (Array.isArray(node)) {
      for (const item of node) this.walk(item, parent, namespace);
      return;
    }
    const { type } = node as Node;
    if (type === 'TSEnumDeclaration' && !(node as Node).declare) {
      this.#enumeration(node, namespace);
      return;
    }
    if (type === 'TSModuleDeclaration') {
      if (!(node as Node).declare && (node as Node).body && hasValues((node as Node).body)) this.#namespace(node, namespace);
      return;
    }
    if (type === 'TSImportEqualsDeclaration' || type === 'TSExportAssignment') {
      const { start, end } = node as Node;
      this.#refuse(node, `\`${this.#source.slice(start, end).split('\n')[0]}\` is not supported; use import/export of ES modules`);
    }
    if (type === 'MethodDefinition' && (node as Node).kind === 'constructor') this.#parameterProperties(node);
    for (const [field, value] of Object.entries(node)) if (field !== 'type') this.walk(value, node, null);
  }

  #refuse(node: Node, why: string): never {
    const line = this.#source.slice(0, node.start).split('\n').length;
    throw new SyntaxError(`${this.#file}:${line}: ${why}`);
  }

  #erase(start: number, end: number): void {
    if (end > start) this.text.overwrite(start, end, ' '.repeat(end - start));
  }

  /** `enum E` → `var E;(function(E)`; a second declaration of the same name merges. @returns what closes it */
  #open(node: Node, namespace: string | null): string {
    const { name } = node.id;
    this.text.overwrite(node.start, node.id.end, `${namespace ? 'let' : 'var'} ${name};(function(${name})`);
    return namespace ? `)(${name}=${namespace}.${name}||(${namespace}.${name}={}));` : `)(${name}||(${name}={}));`;
  }

  #enumeration(node: Node, namespace: string | null): void {
    const members: Node[] = node.body?.members ?? node.members;
    const { name } = node.id;
    const known = new Set<string>(members.map(memberName));
    const close = this.#open(node, namespace);
    let previous: string | null = null;
    for (const [index, member] of members.entries()) {
      const key = JSON.stringify(memberName(member));
      const target: string = `${name}[${key}]`;
      this.#enumMember(member, { name, key, target, previous, known });
      previous = target;
      const next = members[index + 1]?.start ?? node.end - 1;
      const comma = this.#source.slice(member.end, next).indexOf(',');
      if (comma >= 0) this.text.overwrite(member.end + comma, member.end + comma + 1, ' ');
    }
    this.text.appendLeft(node.end, close);
  }

  #enumMember(member: Node, at: { name: string; key: string; target: string; previous: string | null; known: Set<string> }): void {
    const { name, key, target, previous, known } = at;
    const { id, initializer } = member;
    if (!initializer) {
      const value = previous === null ? '0' : `${previous}+1`;
      this.text.overwrite(id.start, id.end, `${name}[${target}=${value}]=${key};`);
      return;
    }
    this.#qualify(initializer, known, name);
    const isText = initializer.type === 'TemplateLiteral' || (initializer.type === 'Literal' && typeof initializer.value === 'string');
    this.text.overwrite(id.start, id.end, isText ? target : `${name}[${target}`);
    this.text.appendLeft(member.end, isText ? ';' : `]=${key};`);
  }

  /** Members of the enum mentioned in its own initialisers: `A | B` → `E.A | E.B`. */
  #qualify(node: Node, known: ReadonlySet<string>, name: string): void {
    if (!isNode(node)) return;
    if (Array.isArray(node)) {
      for (const item of node) this.#qualify(item, known, name);
      return;
    }
    const { type } = node as Node;
    if (type === 'Identifier' && known.has((node as Node).name)) this.text.prependRight((node as Node).start, `${name}.`);
    else if (type === 'MemberExpression') this.#qualify((node as Node).object, known, name);
    else for (const [field, value] of Object.entries(node)) if (field !== 'type') this.#qualify(value, known, name);
  }

  #namespace(node: Node, outer: string | null): void {
    if (node.id.type !== 'Identifier') this.#refuse(node, 'dotted and string-named namespaces are not supported');
    const { name } = node.id;
    const close = this.#open(node, outer);
    for (const statement of node.body.body) {
      const { declaration } = statement;
      if (statement.type !== 'ExportNamedDeclaration' || !declaration) this.walk(statement, node, null);
      else this.#exported(statement, declaration, name);
    }
    this.text.appendLeft(node.end, close);
  }

  #exported(statement: Node, declaration: Node, namespace: string): void {
    const { type } = declaration;
    if (type === 'VariableDeclaration' && declaration.kind !== 'const') {
      this.#refuse(declaration, `\`export ${declaration.kind}\` in a namespace is not supported; use const`);
    }
    this.#erase(statement.start, declaration.start);
    if (type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type !== 'Identifier') this.#refuse(declaration, 'destructuring export in a namespace is not supported');
        if (init) this.text.appendRight(init.start, `${namespace}.${id.name}=`);
        this.walk(init, declaration, null);
      }
    } else if (type === 'FunctionDeclaration' || type === 'ClassDeclaration') {
      this.text.appendLeft(declaration.end, `;${namespace}.${declaration.id.name}=${declaration.id.name};`);
      this.walk(declaration, statement, null);
    } else if (type === 'TSEnumDeclaration' || type === 'TSModuleDeclaration') this.walk(declaration, statement, namespace);
  }

  /** `constructor(private k: number)` → `constructor(k: number) { this.k = k; …`, behind `super(…)` where there is one. */
  #parameterProperties(method: Node): void {
    const names: string[] = [];
    for (const parameter of method.value.params) {
      if (parameter.type !== 'TSParameterProperty') continue;
      this.#erase(parameter.start, parameter.parameter.start);
      names.push((parameter.parameter.left ?? parameter.parameter).name);
    }
    if (names.length === 0) return;
    const { body } = method.value;
    const parentCall = body.body.find((s: Node) => s.type === 'ExpressionStatement' && s.expression.callee?.type === 'Super');
    const assignments = names.map((name) => `this.${name}=${name};`).join('');
    this.text.appendLeft(parentCall ? parentCall.end : body.start + 1, parentCall ? `;${assignments}` : assignments);
  }
}

const memberName = (member: Node): string => String(member.id.name ?? member.id.value);

function hasValues(body: Node): boolean {
  return body.body.some((statement: Node) => {
    const declaration = statement.declaration ?? statement;
    if (declaration.type === 'TSModuleDeclaration') return hasValues(declaration.body);
    return !/^TS(Interface|TypeAlias)/.test(declaration.type);
  });
}
