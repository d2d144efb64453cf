// What instrumented code calls in the driver, and the registry of instrumented modules. Everything here must be cheap: nothing is captured,
// only remembered; `capture-closure.ts` asks when an action ships a function.
// All of it hangs on one global: the engine's bundle and the register entry are two copies of this file and must see one registry.
import type { ModuleMeta } from './module-meta.ts';

export type Getter = (index: number) => unknown;
export type AnyFunction = Function;

export interface ClassRecord {
  readonly getter: Getter | null;
  readonly readPrivates: ((instance: object) => unknown[] | null) | null;
  readonly readStatics: ((owner: AnyFunction) => unknown[]) | null;
}

export interface DriverRuntime {
  /** functions: `__c(fn, getter)` returns fn */
  c<F>(fn: F, getter: Getter): F;
  /** object literals whose methods borrow local variables: `__o(object, key, getter, …)` returns the object */
  o<O extends object>(object: O, ...keysAndGetters: unknown[]): O;
  /** classes: called in a static block */
  k(owner: AnyFunction, getter: Getter | null, privates: ClassRecord['readPrivates'], statics: ClassRecord['readStatics']): void;
  /** modules: a lazy accessor for the module-level variables that its functions use */
  m(id: string, access: Getter): void;
  getterOf(fn: object): Getter | undefined;
  readonly classes: WeakMap<AnyFunction, ClassRecord>;
  readonly methodOwners: WeakMap<AnyFunction, AnyFunction>;
  readonly modules: Map<string, ModuleMeta>;
  readonly modulesByUrl: Map<string, ModuleMeta>;
  /** `parent URL \n specifier` → resolved URL, as the resolve hook saw it */
  readonly resolutions: Map<string, string>;
  /** What `import … from 'emberloom'` gives, by specifier; for finding references by identity. */
  readonly engineExports: Map<string, object>;
}

const MARKER = /\/\*#sp([\w-]+(?:~\d+)?)\.(\d+)\*\//;
const sourceOf = Function.prototype.toString;

function markerIn(fn: AnyFunction): { id: string; unit: number } | null {
  const hit = MARKER.exec(sourceOf.call(fn));
  return hit ? { id: hit[1] as string, unit: Number(hit[2]) } : null;
}

class ReturnArgument {
  constructor(value: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field is stamped on an object made elsewhere
    return value;
  }
}

/**
 * A getter in a private field of the function object: invisible as a WeakMap entry, 30 times cheaper (23 ns; measured), and it keeps
 * nothing alive.
 */
class Stamp extends ReturnArgument {
  readonly #getter: Getter;

  constructor(fn: object, getter: Getter) {
    super(fn);
    this.#getter = getter;
  }

  static read(fn: object): Getter | undefined {
    return #getter in fn ? (fn as Stamp).#getter : undefined;
  }
}

function createRuntime(): DriverRuntime {
  const classes: DriverRuntime['classes'] = new WeakMap();
  const methodOwners: DriverRuntime['methodOwners'] = new WeakMap();
  const modules: DriverRuntime['modules'] = new Map();
  return {
    c(fn, getter) {
      if (typeof fn === 'function' && Stamp.read(fn) === undefined) new Stamp(fn, getter);
      return fn;
    },
    o(object, ...keysAndGetters) {
      for (let i = 0; i < keysAndGetters.length; i += 2) {
        const key = keysAndGetters[i] as string | null;
        for (const name of key === null ? Reflect.ownKeys(object) : [key]) {
          const descriptor = Object.getOwnPropertyDescriptor(object, name);
          for (const fn of [descriptor?.value, descriptor?.get, descriptor?.set]) {
            if (typeof fn === 'function' && Stamp.read(fn) === undefined && markerIn(fn)) new Stamp(fn, keysAndGetters[i + 1] as Getter);
          }
        }
      }
      return object;
    },
    k(owner, getter, readPrivates, readStatics) {
      classes.set(owner, { getter, readPrivates, readStatics });
      for (const holder of [owner, owner.prototype]) {
        for (const [key, { value, get, set }] of allDescriptors(holder)) {
          if (key === 'constructor' || key === 'prototype') continue;
          for (const fn of [value, get, set]) if (typeof fn === 'function') methodOwners.set(fn, owner);
        }
      }
    },
    m(id, access) {
      const module = modules.get(id);
      if (module) module.access = access;
    },
    getterOf: Stamp.read,
    classes,
    methodOwners,
    modules,
    modulesByUrl: new Map(),
    resolutions: new Map(),
    engineExports: new Map(),
  };
}

function allDescriptors(holder: object): [PropertyKey, PropertyDescriptor][] {
  return Reflect.ownKeys(holder).map((key) => [key, Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor]);
}

const SLOT = Symbol.for('emberloom.closure.runtime');
const global = globalThis as unknown as Record<symbol, DriverRuntime | undefined>;

/** The one runtime of this thread. */
export const runtime: DriverRuntime = (global[SLOT] ??= createRuntime());

/** The module and unit that a function or class was written in; null when its code did not come through the loader. */
export function originOf(fn: AnyFunction): { module: ModuleMeta; unit: ModuleMeta['units'][number] } | null {
  const marker = markerIn(fn);
  const module = marker ? runtime.modules.get(marker.id) : undefined;
  const unit = module?.units[marker?.unit ?? -1];
  return module && unit ? { module, unit } : null;
}

/** Tells what user code gets by `import … from 'emberloom'`, so that such values travel by reference. */
export function registerEngine(specifier: string, exports: object): void {
  runtime.engineExports.set(specifier, exports);
}
