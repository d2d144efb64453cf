// Executor: the text of a definition → a factory of functions (or of one class), compiled once per process. `vm.Script`, because it takes
// a file name and a line offset (stacks show the user's lines, breakpoints bind) and works under
// `--disallow-code-generation-from-strings`.
import vm from 'node:vm';
import { UNKNOWN, UNSET, type Inline } from './captured.ts';
import type { Definition } from './module-meta.ts';

type Any = any;
/** Called with the borrowed `this`; gives the function, a setter for its free names, and the `arguments` object that it borrows. */
export type Factory = (
  this: unknown,
  parent: Any,
  reviving: Reviving,
  privateSymbol: (key: string) => symbol,
  args?: unknown[],
) => [made: Any, fill: (values: unknown[]) => void, args?: unknown[]];

/** While `on`, constructors of rebuilt classes only make an empty instance. One per process: kept classes close over it. */
export interface Reviving {
  on: boolean;
  args: unknown[];
}

const factories = new Map<string, Factory>();

const markOf = (slot: Inline): number => (typeof slot === 'object' && slot !== null ? Math.min(slot.r, 0) : 0);
/** Names that get no variable, or one that stays in its dead zone. */
const hasNoValue = (slot: Inline): boolean => markOf(slot) === UNKNOWN.r || markOf(slot) === UNSET.r;

/** The slots that `fill` takes values for, in order. */
export const filledSlots = (slots: readonly Inline[]): readonly Inline[] =>
  slots.some(hasNoValue) ? slots.filter((slot) => !hasNoValue(slot)) : slots;

/** @param slots only which of them have no value matters: that changes the text */
export function factoryOf(definition: Definition, slots: readonly Inline[]): Factory {
  const key = slots.some(hasNoValue) ? `${definition.key}!${slots.map((slot) => (hasNoValue(slot) ? markOf(slot) : ''))}` : definition.key;
  const known = factories.get(key);
  if (known) return known;
  const script = new vm.Script(textOf(definition, slots), { filename: definition.file, lineOffset: definition.line - 1 });
  const made = script.runInThisContext() as Factory;
  factories.set(key, made);
  return made;
}

function textOf(definition: Definition, slots: readonly Inline[]): string {
  const { text, column, strict, slots: names, privateKeys, usesArguments } = definition;
  const filled = names.filter((_, index) => !hasNoValue(slots[index]));
  const unset = names.filter((_, index) => markOf(slots[index]) === UNSET.r);
  const privates = privateKeys.map((key, index) => `const $p${index}=$priv(${JSON.stringify(key)});`).join('');
  const { open, close, pick } = surroundings(definition);
  // the text begins on a line of its own, padded to its column, so that positions in stacks are the user's
  const made = `${pick}${open}\n${' '.repeat(column)}${text}\n${close}`;
  const fill = `function($v){${filled.length > 0 ? `[${filled}]=$v` : ''}}`;
  const result = `return[${made},${fill}${usesArguments ? ',arguments' : ''}]`;
  // names in their dead zone stay there: they are declared in a case that never runs
  const body = unset.length > 0 ? `switch(0){case 1:let ${unset};default:${result}}` : result;
  const whole = `${strict ? '"use strict";' : ''}${filled.length > 0 ? `let ${filled};` : ''}${privates}${body}`;
  return `(function($super,$rev,$priv,$args){${usesArguments ? `return(function(){${whole}}).apply(this,$args)` : whole}})`;
}

/** A method needs an object literal around it; an anonymous function gets its name from a property. */
function surroundings(definition: Definition): { open: string; close: string; pick: string } {
  const { kind, name, methodKind } = definition;
  if (kind === 'method') {
    const part =
      methodKind === 'get' || methodKind === 'set'
        ? `Object.values(Object.getOwnPropertyDescriptors($m))[0].${methodKind}`
        : 'Object.values($m)[0]';
    return { open: '({', close: '})', pick: `($m=>${part})` };
  }
  if (!name || hasOwnName(definition)) return { open: '(', close: ')', pick: '' };
  const key = JSON.stringify(name);
  return { open: `({${key === '"__proto__"' ? `[${key}]` : key}:`, close: `})[${key}]`, pick: '' };
}

function hasOwnName({ kind, text }: Definition): boolean {
  if (kind === 'class') return /^class\s+(?!extends\b)[\w$\u0080-\uffff]/.test(text);
  return kind === 'function' && /^(async\s+)?function\s*\*?\s*[\w$\u0080-\uffff]/.test(text);
}
