// Functions, classes and references of the capture: the part of the graph that is code. `graph-writer.ts` writes the data,
// `instance-writer.ts` (between the two) instances of classes. The executor's half is `rebuild.ts`.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UNKNOWN, UNSET, type Inline, type ValueNode } from './captured.ts';
import { originOf, runtime, type AnyFunction, type Getter } from './driver-runtime.ts';
import type { Any } from './graph-writer.ts';
import { boundParts, placeOf } from './inspector.ts';
import { Cell, InstanceWriter } from './instance-writer.ts';
import { definitionOf, type ClassMeta, type Definition, type ModuleMeta, type Slot, type UnitMeta } from './module-meta.ts';
import { isPackageImport } from './reference-lookup.ts';
import { BORROWED_THIS, captures, imports } from './task-not-serializable.ts';
import { packageOf } from './user-module.ts';

type Origin = { readonly module: ModuleMeta; readonly unit: UnitMeta };

export class ClosureWriter extends InstanceWriter {
  readonly definitions: Definition[] = [];
  /** By node: the class itself. */
  readonly classes = new Map<number, AnyFunction>();
  readonly #definitionIds = new Map<string, number>();

  protected override writeFunction(fn: AnyFunction, id: number): ValueNode {
    const origin = originOf(fn);
    if (!origin) return this.#foreign(fn, id);
    const { module, unit } = origin;
    if (module.byReference) return this.#exported(module, fn, id);
    if (unit.problem) this.fail(id, `can't be sent: ${unit.problem}`);
    if (unit.ownerClass >= 0) return this.#methodOfClass(fn, origin, id);
    const getter = unit.classMeta ? runtime.classes.get(fn)?.getter : runtime.getterOf(fn);
    if (unit.hasGetter && !getter) this.fail(id, 'has lost its captured variables (was its text evaluated again?)');
    const slots = unit.slots.map((slot) => this.#slot(slot, module, getter ?? undefined, id));
    const definition = this.#definition(origin);
    if (unit.classMeta) return this.#class(fn, origin, unit.classMeta, { definition, slots, id });
    return this.#function(fn, unit, getter ?? undefined, { definition, slots, id });
  }

  #function(
    fn: AnyFunction,
    unit: UnitMeta,
    getter: Getter | undefined,
    at: { definition: number; slots: Inline[]; id: number },
  ): ValueNode {
    const { definition, slots, id } = at;
    let self: Inline;
    let args: Inline[] | null = null;
    if (unit.thisIndex >= 0) self = this.value(getter?.(unit.thisIndex), id, BORROWED_THIS);
    if (unit.argumentsIndex >= 0)
      args = this.list(getter?.(unit.argumentsIndex) as ArrayLike<unknown> as Any, id, (index) => `arguments[${index}]`);
    const extra = this.properties(fn, id, (key, { value }) => isFunctionsOwn(key) || (key === 'prototype' && isPlainPrototype(value)));
    const node: ValueNode = ['f', definition, slots];
    const hasExtra = extra[0].length > 0 || extra[2] !== undefined;
    if (hasExtra) node.push(self, args, extra);
    else if (self !== undefined || args) node.push(self, args);
    return node;
  }

  #definition({ module, unit }: Origin): number {
    const definition = definitionOf(module, unit);
    const known = this.#definitionIds.get(definition.key);
    if (known !== undefined) return known;
    const index = this.definitions.push(definition) - 1;
    this.#definitionIds.set(definition.key, index);
    return index;
  }

  #slot(slot: Slot, module: ModuleMeta, getter: Getter | undefined, id: number): Inline {
    if (slot.from === 'special') return this.place(`${slot.what}:${module.url}`, ['s', slot.what, module.url], id, slot.name);
    if (slot.from === 'import') {
      const reference = this.#importSlot(slot, module, id);
      if (reference) return reference;
    }
    let value: unknown;
    try {
      value = slot.from === 'local' ? getter?.(slot.index) : module.access?.(slot.index);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return slot.from === 'module' && !slot.declared ? UNKNOWN : UNSET;
    }
    if (slot.from !== 'import' && slot.cell) return this.#cell(slot, module, getter, { value, id });
    const members = slot.from === 'local' ? undefined : slot.members;
    if (members && isNamespaceLike(value, slot)) return this.#members(value, members, slot.name, id);
    return this.value(value, id, captures(slot.name));
  }

  #cell(
    slot: Slot & { from: 'local' | 'module' },
    module: ModuleMeta,
    getter: Getter | undefined,
    at: { value: unknown; id: number },
  ): Inline {
    let key: unknown = `cell:${module.id}:${slot.name}`;
    if (slot.from === 'local') key = slot.token >= 0 ? getter?.(slot.token) : {};
    const known = this.ids.get(key);
    return { r: known ?? this.add(key, new Cell(at.value), at.id, captures(slot.name)) };
  }

  #members(value: Any, members: readonly string[], name: string, id: number): Inline {
    const node = this.place({}, [], id, captures(name));
    this.nodes[node.r] = ['n', members, members.map((key) => this.value(value[key], node.r, `.${key}`))];
    return node;
  }

  #importSlot(slot: Slot & { from: 'import' }, module: ModuleMeta, id: number): Inline | undefined {
    const url = runtime.resolutions.get(`${module.url}\n${slot.specifier}`);
    const path = slot.imported === '*' ? [] : [slot.imported];
    if (module.format === 'commonjs') path.unshift('module.exports');
    const target = url === undefined ? undefined : runtime.modulesByUrl.get(url);
    // by reference also from packages listed in spark.closure.packages: what those list for are the functions that they make
    if (url === undefined || isPackageImport(slot.specifier, url)) return this.#reference(slot.specifier, path, url, slot.name, id);
    if (target?.byReference) return this.#reference(this.executorModule(url), path, url, slot.name, id);
    return undefined;
  }

  #reference(specifier: string, path: string[], url: string | undefined, name: string, id: number): Inline {
    this.importModule(specifier, url);
    return this.place(`import:${specifier}:${path.join('.')}`, ['r', specifier, path], id, imports(name));
  }

  #exported(module: ModuleMeta, fn: AnyFunction, id: number): ValueNode {
    const exports = createRequire(module.url)(fileURLToPath(module.url));
    const name = Object.keys(exports).find((key) => exports[key] === fn);
    if (name === undefined) this.fail(id, `belongs to a 'use executor' module (${module.url}) but is not exported by it`);
    const specifier = this.executorModule(module.url);
    this.importModule(specifier, module.url);
    return ['r', specifier, module.format === 'commonjs' ? ['module.exports', name] : [name]];
  }

  #foreign(fn: AnyFunction, id: number): ValueNode {
    const reference = this.reference(fn);
    if (reference) return reference;
    const native = isNative(fn);
    const bound = native && fn.name.startsWith('bound ') ? boundParts(fn) : null;
    if (bound) {
      const target = this.value(bound.target, id, ' (bound function)');
      return ['b', target, this.value(bound.self, id, ' (bound this)'), this.list(bound.args, id, (index) => ` (bound argument ${index})`)];
    }
    if (native) this.fail(id, 'is a native function');
    const place = placeOf(fn);
    const owner = packageOf(place);
    if (owner)
      this.fail(id, `was made inside the package ${owner}${place}: add ${owner} to spark.closure.packages, or make it inside the function`);
    this.fail(
      id,
      `comes from code that was not loaded by Spark's loader${place}: ` +
        'start the program with spark-submit, or with node --import emberloom/register',
    );
  }

  #class(owner: Any, { module, unit }: Origin, meta: ClassMeta, at: { definition: number; slots: Inline[]; id: number }): ValueNode {
    const { definition, slots, id } = at;
    this.classes.set(id, owner);
    const parent = Object.getPrototypeOf(owner);
    const isOwnMethod =
      (isStatic: boolean) =>
      (key: PropertyKey, { value, get, set }: PropertyDescriptor) => {
        if (key === 'prototype' || key === 'length' || key === 'name' || key === 'constructor') return true;
        const fn = value ?? get ?? set;
        const origin = typeof fn === 'function' ? originOf(fn) : null;
        return origin?.module === module && origin.unit.ownerClass === unit.id && origin.unit.isStatic === isStatic;
      };
    const parentValue = meta.hasParent ? this.value(parent === Function.prototype ? null : parent, id, ' (its parent class)') : undefined;
    const statics = runtime.classes.get(owner)?.readStatics?.(owner);
    const privateStatics = statics && [meta.privateStaticKeys, this.list(statics, id, (index) => `.#${meta.privateStatics[index]}`)];
    return [
      'C',
      definition,
      slots,
      parentValue,
      this.properties(owner, id, isOwnMethod(true)),
      this.properties(owner.prototype, id, isOwnMethod(false)),
      meta.privateFieldKeys,
      privateStatics ?? null,
    ];
  }

  /** A method taken off its object: sent as its class and the place where the class has it. */
  #methodOfClass(fn: AnyFunction, { module, unit }: Origin, id: number): ValueNode {
    const ownerUnit = module.units[unit.ownerClass] as UnitMeta;
    let owner: Any = runtime.methodOwners.get(fn);
    if (!owner && ownerUnit.name) {
      const index = module.accessor.indexOf(ownerUnit.name);
      try {
        owner = index >= 0 ? module.access?.(index) : undefined;
      } catch {
        // still in its temporal dead zone: told below
      }
    }
    if (typeof owner !== 'function' || originOf(owner)?.unit !== ownerUnit) {
      this.fail(id, `is a method of class ${ownerUnit.name || '(anonymous)'} that can't be reached from it`);
    }
    const holder = unit.isStatic ? owner : owner.prototype;
    for (const key of Reflect.ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      const part = (['value', 'get', 'set'] as const).find((name) => descriptor?.[name] === fn);
      if (part) return ['m', this.value(owner, id, ' (its class)'), unit.isStatic ? 1 : 0, this.value(key, id, ''), part];
    }
    this.fail(id, 'is a method that its class no longer has');
  }
}

const isFunctionsOwn = (key: PropertyKey): boolean => key === 'length' || key === 'name' || key === 'arguments' || key === 'caller';
const isNative = (fn: AnyFunction): boolean => /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn));

/** The `prototype` that every `function` has: nothing of the user's in it. Generators' have no constructor. */
function isPlainPrototype(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null) return true;
  if (!Reflect.ownKeys(prototype).every((key) => key === 'constructor')) return false;
  return Object.getPrototypeOf(prototype) === Object.prototype || !Object.hasOwn(prototype, 'constructor');
}

function isNamespaceLike(value: unknown, slot: Slot): boolean {
  if (slot.name === 'exports' || slot.name === 'module') return typeof value === 'object' && value !== null;
  return (
    Object.prototype.toString.call(value) === '[object Module]' ||
    (slot.from === 'import' && slot.imported === '*' && typeof value === 'object' && value !== null)
  );
}
