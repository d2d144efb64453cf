// One user module in, the driver's version of it and its metadata out. A pure function: no files, no process, no registry (that is
// `loader.ts`), so a bundler plugin can use it as well. Source: closures.md §2.1, in the design notes.
import { analyze } from './analyze.ts';
import { describeUnit, type ModuleContext } from './describe-unit.ts';
import { blockStart, instrumentObject, instrumentUnit, type Instrumentation } from './instrument.ts';
import { acorn, magicString } from './lazy-packages.ts';
import { moduleHash, type ModuleMeta } from './module-meta.ts';
import type { Node, Variable } from './scope.ts';
import type { SourceFormat } from './walker.ts';

export interface TransformOptions {
  readonly url: string;
  readonly format: SourceFormat;
}

export interface Transformed {
  readonly code: string;
  readonly meta: ModuleMeta;
}

export const RUNTIME_SPECIFIER = 'emberloom:closure';
const RUNTIME_GLOBAL = `globalThis[Symbol.for("emberloom.closure.runtime")]`;

export function parseModule(source: string, format: SourceFormat): Node {
  const sourceType = format === 'module' ? 'module' : 'script';
  return acorn().parse(source, {
    ecmaVersion: 'latest',
    sourceType,
    allowHashBang: true,
    allowReturnOutsideFunction: format === 'commonjs',
  });
}

/**
 * @param source JavaScript (types already stripped in place)
 * @returns code with the same number of lines; every injected name begins with `__s`, lengthened until the source does not contain it
 * @throws  SyntaxError of acorn, with `pos` and `loc`
 */
export function transform(source: string, { url, format }: TransformOptions): Transformed {
  const analysis = analyze(parseModule(source, format), format);
  const hash = moduleHash(url, source);
  const accessor: string[] = [];
  const indexOf = new Map<string, number>();
  const access = (name: string): number => {
    const known = indexOf.get(name);
    if (known !== undefined) return known;
    indexOf.set(name, accessor.length);
    return accessor.push(name) - 1;
  };
  const context: ModuleContext = { analysis, source, hash, prefix: unusedPrefix(source), access, tokens: [] };
  // a method that was taken off its object finds its class again by name
  for (const { kind, node, scope, name } of analysis.units) {
    if (kind === 'class' && node.type === 'ClassDeclaration' && node.id && scope.parent?.kind === 'module') access(name);
  }
  const described = analysis.units.map((unit) => describeUnit(unit, context));
  const MagicString = magicString();
  const text = new MagicString(source);
  const into: Instrumentation = { text, source, moduleId: hash, prefix: context.prefix };
  // children before parents: what closes an inner function must come before what closes the outer one
  for (const unit of analysis.units.toReversed()) instrumentUnit(unit, described[unit.id]?.getter ?? '', into);
  for (const { node, units } of analysis.objects.toReversed()) {
    const methods = units.map((unit) => ({ key: unit.method?.key ?? null, getter: described[unit.id]?.getter ?? '' }));
    instrumentObject(
      node,
      methods.filter(({ getter }) => getter !== ''),
      into,
    );
  }
  insertTokens(context.tokens, into);
  insertPrologue(analysis.firstStatement, prologue(format, context.prefix, hash, accessor), into);
  const units = described.map(({ meta }) => meta);
  return { code: text.toString(), meta: { id: hash, hash, url, format, source, accessor, units, byReference: analysis.byReference } };
}

function unusedPrefix(source: string): string {
  let prefix = '__s';
  while (source.includes(prefix)) prefix += '$';
  return prefix;
}

function insertTokens(tokens: readonly Variable[], { text, prefix }: Instrumentation): void {
  for (const { scope, token } of tokens) {
    const at = blockStart(scope);
    if (at !== null) text.appendLeft(at, `const ${prefix}t${token}={};`);
  }
}

/** An import is bound before any code of a cycle of modules runs; CommonJS code needs no file path this way. */
function prologue(format: SourceFormat, prefix: string, id: string, accessor: readonly string[]): string {
  const names = ['c', 'o', 'k', 'm'];
  const bound =
    format === 'module'
      ? `import{${names.map((name) => `${name} as ${prefix}${name}`)}}from"${RUNTIME_SPECIFIER}";`
      : `const{${names.map((name) => `${name}:${prefix}${name}`)}}=${RUNTIME_GLOBAL};`;
  const cases = accessor.map((name, index) => `case ${index}:return ${name};`).join('');
  return `${bound}${prefix}m("${id}",${prefix}i=>{switch(${prefix}i){${cases}}});`;
}

function insertPrologue(firstStatement: number, code: string, { text, source }: Instrumentation): void {
  const hashBang = firstStatement === 0 && source.startsWith('#!');
  const at = hashBang ? source.indexOf('\n') + 1 : firstStatement;
  text.appendLeft(at, (at > 0 && source[at - 1] !== '\n' ? ';' : '') + code);
}
