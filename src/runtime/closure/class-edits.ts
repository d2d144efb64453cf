// What changes in the text of a class for executors. The parent comes as a value; statics come as values, so their initialisers are
// blanked; constructors and field initialisers are silent while `$rev.on` is set, which is how `rebuild.ts` makes instances without
// running user code; private members get accessors under registered symbols, so that functions outside the class's text can reach them.
import { privateKey, type Edit } from './module-meta.ts';
import type { Node, Unit } from './scope.ts';

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
const erase = (source: string, start: number, end: number): Edit => [start, end, blank(source.slice(start, end))];

export function classEdits(unit: Unit, source: string, moduleHash: string): Edit[] {
  const { node } = unit;
  const edits: Edit[] = [];
  if (node.superClass) edits.push(parentEdit(node.superClass, source));
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock') edits.push(erase(source, member.start, member.end));
    else if (member.type === 'PropertyDefinition' || member.type === 'AccessorProperty') edits.push(...fieldEdits(member, source));
    else if (member.kind === 'constructor') edits.push(...constructorEdits(member.value, source, node.superClass !== null));
  }
  const accessors = privateAccessors(unit, moduleHash);
  if (accessors) edits.push([node.body.end - 1, node.body.end - 1, `;${accessors}`]);
  return edits;
}

/** `extends <expression>` must not be evaluated again: a mixin would make another class. Parentheses around it go too. */
function parentEdit(parent: Node, source: string): Edit {
  let { start, end } = parent;
  while (source[start - 1] === '(') start--;
  while (source[end] === ')') end++;
  return [start, end, `$super${blank(source.slice(start, end)).slice('$super'.length)}`];
}

function fieldEdits(member: Node, source: string): Edit[] {
  if (member.static) {
    if (member.key.type !== 'PrivateIdentifier') return [erase(source, member.start, member.end)];
    return member.value ? [erase(source, member.key.end, member.value.end)] : [];
  }
  // an arrow or a literal has no effect when it is evaluated for nothing
  if (!member.value || member.value.type === 'ArrowFunctionExpression' || member.value.type === 'Literal') return [];
  return [
    [member.value.start, member.value.start, '$rev.on?void 0:('],
    [member.value.end, member.value.end, ')'],
  ];
}

function constructorEdits(constructor: Node, source: string, hasParent: boolean): Edit[] {
  const guard = hasParent ? 'if($rev.on){super(...$rev.args);return}' : 'if($rev.on)return;';
  const bodyStart = constructor.body.start + 1;
  const { params } = constructor;
  if (params.every((parameter: Node) => parameter.type === 'Identifier')) return [[bodyStart, bodyStart, guard]];
  // defaults and destructuring would run before the guard: take the arguments as a list and bind them after it
  const start = params[0].start;
  const end = params.at(-1).end;
  const list = source.slice(start, end);
  return [
    [start, end, `...$args${list.replace(/[^\n]/g, '')}`],
    [bodyStart, bodyStart, `${guard}var [${list.replace(/\n/g, ' ')}]=$args;`],
  ];
}

function privateAccessors(unit: Unit, moduleHash: string): string {
  const info = unit.classInfo;
  if (!info) return '';
  const key = (name: string) => `$priv(${JSON.stringify(privateKey(moduleHash, unit.id, name))})`;
  let text = '';
  for (const name of info.privateFields) text += `get [${key(name)}](){return this.#${name}}set [${key(name)}]($v){this.#${name}=$v}`;
  for (const name of info.privateStatics) {
    text += `static get [${key(name)}](){return this.#${name}}static set [${key(name)}]($v){this.#${name}=$v}`;
  }
  for (const { name, isStatic, kind } of info.privateMethods) {
    const prefix = isStatic ? 'static ' : '';
    text += kind === 'set' ? `${prefix}set [${key(name)}]($v){this.#${name}=$v}` : `${prefix}get [${key(name)}](){return this.#${name}}`;
  }
  return text;
}
