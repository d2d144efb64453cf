// Executor: what `capture.ts` made → live functions and values. Definitions are compiled once per process, classes are kept for the life
// of the application, values are made anew for every task; a graph without mutable values is kept with its context.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Captured, Inline, ValueNode } from './captured.ts';
import { importedModule, importFrom, importModules, type ImportContext } from './executor-imports.ts';
import { factoryOf, filledSlots, type Reviving } from './factory.ts';
import { fillMap, makeData, setProperties } from './make-data.ts';

type Any = any;

/** Make one per stage (or per task): immutable graphs are kept with it. */
export interface RebuildContext extends ImportContext {
  /** What stands for an object that was replaced on the way: `broadcast`, `accumulator`, … */
  readonly handlers?: Readonly<Record<string, (data: Any) => unknown>> | undefined;
  /** Classes by content hash; one Map per application. Omitted: one per process. */
  readonly classes?: Map<string, unknown[]> | undefined;
}

const classesOfProcess = new Map<string, unknown[]>();
const reviving: Reviving = { on: false, args: [] };
const privateSymbol = (key: string): symbol => Symbol.for(key);
const kept = new WeakMap<RebuildContext, WeakMap<Captured, unknown[]>>();

/** Imports what the captured functions refer to. Once per captured table and process; cheap when repeated. */
export async function preload(captured: Captured, context: RebuildContext): Promise<void> {
  await importModules(captured.imports, context);
}

/**
 * @returns the values given to `capture`, in order
 * @throws Error when an import or a handler is missing, SyntaxError when a text does not compile (a defect of the transform)
 */
export function rebuild(captured: Captured, context: RebuildContext): unknown[] {
  const known = kept.get(context)?.get(captured);
  if (known) return known;
  const values = new Rebuilder(captured, context).run();
  if (isImmutable(captured)) {
    const ofContext = kept.get(context) ?? new WeakMap<Captured, unknown[]>();
    kept.set(context, ofContext.set(captured, values));
  }
  return values;
}

const IMMUTABLE: ReadonlySet<string> = new Set(['f', 'C', 'r', 'g', 'y', 'm', 's', 'b']);
const immutable = new WeakMap<Captured, boolean>();

/**
 * Functions over primitives and references: V8 then specialises on the captured values (twice as fast as a new closure per task;
 * measured).
 */
function isImmutable(captured: Captured): boolean {
  const known = immutable.get(captured);
  if (known !== undefined) return known;
  const answer = captured.nodes.every((node) => IMMUTABLE.has(node[0]) && !(node[0] === 'f' && (node[4] || node[5])));
  immutable.set(captured, answer);
  return answer;
}

class Rebuilder {
  readonly #captured: Captured;
  readonly #context: RebuildContext;
  readonly #classes: Map<string, unknown[]>;
  readonly #made: unknown[];
  readonly #done: Uint8Array;
  readonly #fills: (() => void)[] = [];

  constructor(captured: Captured, context: RebuildContext) {
    this.#captured = captured;
    this.#context = context;
    this.#classes = context.classes ?? classesOfProcess;
    this.#made = new Array(captured.nodes.length);
    this.#done = new Uint8Array(captured.nodes.length);
  }

  run(): unknown[] {
    const missing = this.#takeKeptClasses();
    const roots = this.#captured.roots.map(this.#get);
    for (let i = 0; i < this.#fills.length; i++) this.#fills[i]?.(); // grows while it runs
    for (const [hash, ids] of missing)
      this.#classes.set(
        hash,
        ids.map((id) => this.#shell(id)),
      );
    return roots;
  }

  /** @returns the classes that are not there yet */
  #takeKeptClasses(): [hash: string, ids: number[]][] {
    const missing: [string, number[]][] = [];
    for (const node of this.#captured.nodes) {
      if (node[0] !== 'C') continue;
      const [hash, ids] = node[8] as [string, number[]];
      const values = this.#classes.get(hash);
      if (!values) missing.push([hash, ids]);
      else for (const [position, id] of ids.entries()) if (!this.#done[id]) this.#keep(id, values[position]);
    }
    return missing;
  }

  #keep(id: number, value: unknown): unknown {
    this.#done[id] = 1;
    this.#made[id] = value;
    return value;
  }

  readonly #get = (inline: Inline): Any => {
    if (typeof inline !== 'object' || inline === null) return inline;
    if (inline.r >= 0) return this.#shell(inline.r);
    return inline.r === -3 ? -0 : undefined;
  };

  readonly #later = (fill: () => void): void => {
    this.#fills.push(fill);
  };

  #shell(id: number): Any {
    if (this.#done[id]) return this.#made[id];
    const node = this.#captured.nodes[id] as ValueNode;
    return this.#keep(id, makeData(node, this.#get, this.#later) ?? this.#makeCode(node));
  }

  #makeCode(node: ValueNode): Any {
    const get = this.#get;
    switch (node[0]) {
      case 'f':
        return this.#function(node);
      case 'C':
        return this.#class(node);
      case 'i':
        return this.#instance(node);
      case 'p': {
        const object = Object.create(get(node[1]));
        this.#later(() => setProperties(object, node[2], get));
        return object;
      }
      case 'c': {
        const cell: { $: unknown } = { $: undefined };
        this.#later(() => {
          cell.$ = get(node[1]);
        });
        return cell;
      }
      case 'n': {
        const namespace = Object.create(null, { [Symbol.toStringTag]: { value: 'Module' } });
        this.#later(() => {
          for (const [index, key] of node[1].entries()) namespace[key] = get(node[2][index]);
        });
        return namespace;
      }
      case 'W':
        return this.#weakCollection(node);
      case 'b':
        return get(node[1]).bind(get(node[2]), ...node[3].map(get));
      case 'm': {
        const owner = get(node[1]);
        return Object.getOwnPropertyDescriptor(node[2] ? owner : owner.prototype, get(node[3]))?.[node[4] as 'value'];
      }
      case 'g':
        return node[1].reduce((at: Any, key: string) => at[key], globalThis);
      case 'r':
        return this.#exported(node[1], node[2]);
      case 's':
        return this.#special(node[1], node[2]);
      case 'x':
        return this.#handled(node[1], node[2]);
      default:
        throw new Error(`unknown kind ${node[0]} of captured value: driver and executor have different versions`);
    }
  }

  #function([, definition, slots, self, args, extra]: ValueNode): Any {
    const get = this.#get;
    const factory = factoryOf(this.#captured.definitions[definition] as Captured['definitions'][number], slots);
    const [made, fill, borrowed] = factory.call(get(self), undefined, reviving, privateSymbol, args ? new Array(args.length) : undefined);
    if (args && borrowed) {
      this.#later(() => {
        for (const [index, item] of args.entries()) borrowed[index] = get(item);
      });
    }
    const filled = filledSlots(slots);
    if (filled.length > 0) this.#later(() => fill(filled.map(get)));
    if (extra) {
      const odd = extra[2] ?? [];
      for (let i = 0; i < odd.length; i += 4) if (odd[i] === 'prototype') made.prototype = get(odd[i + 1]); // instances need it at once
      this.#later(() => setProperties(made, extra, get));
    }
    return made;
  }

  #class([, definition, slots, parent, statics, members, , privateStatics]: ValueNode): Any {
    const get = this.#get;
    const factory = factoryOf(this.#captured.definitions[definition] as Captured['definitions'][number], slots);
    const [owner, fill] = factory.call(undefined, get(parent), reviving, privateSymbol);
    this.#later(() => {
      fill(filledSlots(slots).map(get));
      setProperties(owner, statics, get);
      setProperties(owner.prototype, members, get);
      if (privateStatics) for (const [index, key] of privateStatics[0].entries()) owner[Symbol.for(key)] = get(privateStatics[1][index]);
    });
    return owner;
  }

  /** Private fields and internal slots come only from construction; constructors of rebuilt classes do nothing else while reviving. */
  #instance([, ownerRef, properties, privates, base]: ValueNode): Any {
    const get = this.#get;
    const owner = get(ownerRef);
    const instance = privates.length > 0 || base ? construct(owner, base) : Object.create(owner.prototype);
    this.#later(() => {
      setProperties(instance, properties, get);
      for (const [classRef, values] of privates) {
        const keys = (this.#captured.nodes[classRef.r] as ValueNode)[6];
        for (const [index, value] of values.entries()) instance[Symbol.for(keys[index])] = get(value);
      }
      if (base?.[0] === 'Map') fillMap(instance, base[1], get);
      if (base?.[0] === 'Set') for (const item of base[1]) Set.prototype.add.call(instance, get(item));
    });
    return instance;
  }

  #weakCollection([, type, entries]: ValueNode): object {
    const get = this.#get;
    const map = new WeakMap();
    const set = new WeakSet();
    const isMap = type === 'WeakMap';
    this.#later(() => {
      for (const [key, value] of entries) isMap ? map.set(get(key), get(value)) : set.add(get(key));
    });
    return isMap ? map : set;
  }

  #exported(specifier: string, keys: readonly string[]): Any {
    let value = importedModule(specifier, this.#context);
    for (const key of keys) {
      if (key === 'module.exports' && !(key in value)) continue; // an ES module that CommonJS code required
      if (value === undefined || value === null || !(key in Object(value))) {
        throw new Error(`module ${specifier} has no export ${keys.join('.')} on this executor`);
      }
      value = value[key];
    }
    return value;
  }

  #handled(handler: string, data: unknown): unknown {
    const handle = this.#context.handlers?.[handler];
    if (!handle) throw new Error(`this executor has no handler for ${handler}`);
    return handle(data);
  }

  #special(what: string, url: string): Any {
    const context = this.#context;
    const here = new URL(path.basename(url), context.baseUrl).href; // where the module would lie in the application's folder here
    const engine = context.engine;
    const required = createRequire(here);
    if (what === 'require') return Object.assign((name: string) => engine?.[name] ?? required(name), { resolve: required.resolve });
    if (what === 'dynamicImport') return (name: string) => importFrom(name.startsWith('.') ? new URL(name, url).href : name, context);
    const filename = url.startsWith('file:') ? fileURLToPath(url) : undefined;
    const dirname = filename === undefined ? undefined : path.dirname(filename);
    return { url, filename, dirname, resolve: (name: string) => pathToFileURL(required.resolve(name)).href };
  }
}

function construct(owner: Any, base: ValueNode | null): Any {
  reviving.args = !base ? [] : base[0] === 'Date' || base[0] === 'Error' ? [base[1]] : base[0] === 'RegExp' ? [base[1], base[2]] : [];
  reviving.on = true;
  let instance: Any;
  try {
    instance = new owner(...reviving.args);
  } finally {
    reviving.on = false;
  }
  const own = base?.[0] === 'Array' ? 'length' : base?.[0] === 'RegExp' ? 'lastIndex' : undefined;
  for (const key of Reflect.ownKeys(instance)) if (key !== own) delete instance[key];
  return instance;
}
