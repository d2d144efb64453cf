// Instances and references in a capture: an instance is its own properties, its class (which travels along or is found by name), its
// private fields as the transform lets them be read, and the internal slots that a built-in parent keeps.
import { OF_DRIVER } from '../../common/of-driver.ts';
import { isBuiltin } from 'node:module';
import { types } from 'node:util';
import type { Handled, ImportReference, Inline, ValueNode } from './captured.ts';
import { originOf, runtime } from './driver-runtime.ts';
import { GraphWriter, type Any } from './graph-writer.ts';
import { placeOf } from './inspector.ts';
import { findReference, packageVersion } from './reference-lookup.ts';
import { describeValue } from './task-not-serializable.ts';

/** `object[REPLACE]()` → `{handler, data}`: the object stands for something that executors have (Broadcast, Accumulator). */
export const REPLACE: unique symbol = Symbol.for('spark.closure.replace');
/** `object[REFUSE]`: why an object can't be sent (SparkSession, RDD, DataFrame). */
export const REFUSE: unique symbol = Symbol.for('spark.closure.refuse');

/** A variable that several functions share and change. */
export class Cell {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Source: CONTEXT_ONLY_VALID_ON_DRIVER of PySpark, SPARK-5063. */
const DRIVER_ONLY =
  'it can only be used in the driver, not in code that runs on executors. Take what the function needs out of it before (collect() or broadcast() it), or say it as a join';
const RESOURCE =
  'it stands for a resource of this process. Make it where it is used (mapPartitions, foreachPartition) ' +
  "or in a module that starts with 'use executor'";
const PLATFORM = 'an object of the platform, whose inside can not be read. Make it inside the function (once a partition: mapPartitions)';
const ERRORS: ReadonlySet<unknown> = new Set([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]);

export abstract class InstanceWriter extends GraphWriter {
  readonly imports = new Map<string, ImportReference>();
  readonly handled: Handled[] = [];
  readonly #appUrl: string | undefined;
  /** Instances of classes that packages export, by node. */
  readonly #ofPackages = new Map<number, string>();

  /** @param appUrl folder of the application in the driver; `'use executor'` modules below it are named relative to it */
  constructor(label: string, appUrl: string | undefined) {
    super(label);
    this.#appUrl = appUrl;
  }

  protected importModule(specifier: string, url: string | undefined): void {
    if (this.imports.has(specifier)) return;
    const found = url === undefined ? undefined : packageVersion(url);
    this.imports.set(specifier, { specifier, package: found?.name, version: found?.version });
  }

  /** How executors find a `'use executor'` module. */
  protected executorModule(url: string): string {
    return this.#appUrl && url.startsWith(this.#appUrl) ? `./${url.slice(this.#appUrl.length)}` : url;
  }

  protected reference(value: unknown): ValueNode | undefined {
    const found = findReference(value);
    if (found?.[0] === 'r' && !this.imports.has(found[1])) {
      const url = [...runtime.resolutions].find(([key]) => key.endsWith(`\n${found[1]}`))?.[1];
      this.importModule(found[1], url);
    }
    return found && [...found];
  }

  protected override intercept(value: Any, prototype: object | null, id: number): ValueNode | undefined {
    if (value instanceof Cell) return ['c', this.value(value.value, id, '')];
    if (types.isModuleNamespaceObject(value)) {
      const keys = Object.keys(value);
      return ['n', keys, keys.map((key) => this.value((value as Any)[key], id, `.${key}`))];
    }
    if (typeof value[REPLACE] === 'function') {
      const handled: Handled = value[REPLACE]();
      this.handled.push(handled);
      return ['x', handled.handler, handled.data];
    }
    if (value[REFUSE]) this.fail(id, value[REFUSE]);
    // Math, JSON, the exports of a CommonJS package
    if (prototype === Object.prototype || prototype === null) return types.isArgumentsObject(value) ? undefined : this.reference(value);
    return undefined;
  }

  protected override writeInstance(value: Any, prototype: Any, id: number): ValueNode {
    const reference = this.reference(value);
    if (reference) return reference;
    const owner = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined;
    if (typeof owner !== 'function' || owner.prototype !== prototype) {
      return ['p', this.value(prototype, id, '.__proto__'), this.properties(value, id)];
    }
    const privates: [Inline, Inline[]][] = [];
    const base = this.#ancestors(value, prototype, privates, id);
    const isArray = base?.[0] === 'Array';
    const properties = this.properties(value, id, isArray ? (key) => key === 'length' : undefined);
    return ['i', this.value(owner, id, ' (its class)'), properties, privates, base];
  }

  /** Walks up the classes. @returns what a built-in parent keeps inside, as a list that begins with its name */
  #ancestors(value: Any, prototype: Any, privates: [Inline, Inline[]][], id: number): ValueNode | null {
    let base: ValueNode | null = null;
    for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      const owner = Object.hasOwn(at, 'constructor') ? at.constructor : undefined;
      if (typeof owner !== 'function') continue;
      const origin = originOf(owner);
      if (origin) {
        const values = runtime.classes.get(owner)?.readPrivates?.(value);
        const names = origin.unit.classMeta?.privateFields ?? [];
        if (values) privates.push([this.value(owner, id, ' (its class)'), this.list(values, id, (index) => `.#${names[index]}`)]);
        continue;
      }
      const internal = this.#internalSlots(value, owner, id);
      if (internal) return internal;
      if (ERRORS.has(owner)) {
        base = ['Error', value.message];
        continue;
      }
      this.#foreignClass(value, owner, id);
    }
    return base;
  }

  #internalSlots(value: Any, owner: unknown, id: number): ValueNode | null {
    switch (owner) {
      case Map:
        return ['Map', this.entries(value, id)];
      case Set:
        return ['Set', this.elements(value, id)];
      case Array:
        return ['Array'];
      case Date:
        return ['Date', value.getTime()];
      case RegExp:
        return ['RegExp', value.source, value.flags];
      case Error:
        return ['Error', value.message];
      case Promise:
      case ArrayBuffer:
        return this.fail(id, `is a subclass of ${(owner as typeof Promise).name}`);
      default:
        return null;
    }
  }

  /** A class of a package or of Node.js: sent by name, if it can be found by name and keeps nothing hidden. */
  #foreignClass(value: unknown, owner: Any, id: number): void {
    const reference = this.reference(owner);
    const exported = reference?.[0] === 'r';
    const place = exported && isBuiltin(reference[1]) ? reference[1] : reference ? '' : placeOf(owner);
    const is = `is ${describeValue(value)}`;
    if (owner[OF_DRIVER] === true) this.fail(id, `is a ${String(owner.name).replace(/^_/, '')}: ${DRIVER_ONLY}`);
    if (/node:/.test(place) && place !== 'node:events') this.fail(id, `${is} of Node.js (${place.replace(/[ ()]/g, '')}): ${RESOURCE}`);
    const isPlatform =
      reference?.[0] === 'g' || (place === '' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(owner)));
    if (isPlatform) this.fail(id, `${is}${Object.getPrototypeOf(value)?.constructor === owner ? '' : `, a ${owner.name}`}: ${PLATFORM}`);
    if (!exported) this.fail(id, `${is}: its class${place} is not exported by a package, so an executor can't find it`);
    if (/#\w/.test(Function.prototype.toString.call(owner))) {
      this.fail(id, `${is} (${reference[1]}): its class has private fields that can not be read from outside; ${RESOURCE}`);
    }
    if (!isBuiltin(reference[1])) this.#ofPackages.set(id, reference[1]);
  }

  /** What goes wrong inside an object of a package is said of that object: its insides are not the user's business. */
  protected override fail(id: number, why: string): never {
    for (let at = this.parents[id] ?? -1; at >= 0; at = this.parents[at] ?? -1) {
      const owner = this.#ofPackages.get(at);
      if (owner !== undefined) super.fail(at, `is ${describeValue(this.queue[at])} (${owner}): ${RESOURCE}`);
    }
    super.fail(id, why);
  }

  protected override shown(value: unknown): unknown {
    return value instanceof Cell ? value.value : value;
  }
}
