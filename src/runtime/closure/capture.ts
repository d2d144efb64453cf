// A user's functions → what executors need to run them. Called at an action (`capture`), at a transformation (`checkSerializable`, which
// only looks), and for broadcast values. Source: Spark's ClosureCleaner checks at the transformation for the same reason: the error names
// that line.
import { hash } from 'node:crypto';
import { encodeCaptured, tablePackr, type Captured, type Inline, type ValueNode } from './captured.ts';
import { ClosureWriter } from './closure-writer.ts';
import type { Definition } from './module-meta.ts';
import { captures } from './task-not-serializable.ts';

export interface CaptureOptions {
  /** Folder URL of the application in the driver, ends with `/`. */
  readonly appUrl?: string | undefined;
}

/**
 * One table for all values, so what they share stays shared within a task. Values are those of this moment.
 * @param label where, for messages: `map at job.ts:14`
 * @throws TaskNotSerializableError
 */
export function capture(values: readonly unknown[], label: string, { appUrl }: CaptureOptions = {}): Captured {
  const writer = new ClosureWriter(label, appUrl);
  const roots = writer.writeRoots(values);
  const { definitions, nodes, imports, handled } = writer;
  for (const [id, node] of nodes.entries()) if (node[0] === 'C') node[8] = contentOf(id, nodes, definitions);
  const captured: Captured = { definitions, nodes, roots, imports: [...imports.values()], handled };
  traces.set(captured, writer);
  return captured;
}

/** For a broadcast: any value, by the rules of captured values. */
export function captureValue(value: unknown, label: string, options?: CaptureOptions): Captured {
  return capture([value], label, options);
}

/**
 * The walk of `capture` without its result. Variables that are not initialised yet are no error here: by the action they may be.
 * @param callSite the transformation and the user's line: `map at job.ts:14`
 * @throws TaskNotSerializableError ``Task not serializable: map at job.ts:14 → captured variable `repo` → .db is a Database …``
 */
export function checkSerializable(fn: unknown, callSite: string): void {
  new ClosureWriter(callSite, undefined).writeRoots([fn]);
}

/**
 * A class and everything that it reaches gets a content hash: executors keep it for the life of the application, as a JVM keeps a class
 * and its
 * statics. Made anew for every task it would have new hidden classes each time, and run 25 times slower (measured).
 */
function contentOf(id: number, nodes: readonly ValueNode[], definitions: readonly Definition[]): [hash: string, ids: number[]] {
  const ids = [id];
  const positions = new Map([[id, 0]]);
  const canonical = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(canonical);
    const target = (part as { r?: number } | null)?.r;
    if (typeof part !== 'object' || target === undefined || target < 0) return part;
    let position = positions.get(target);
    if (position === undefined) {
      position = ids.push(target) - 1;
      positions.set(target, position);
    }
    return { r: position };
  };
  const texts: string[] = [];
  for (let at = 0; at < ids.length; at++) {
    const [kind, first, ...rest] = nodes[ids[at] as number] as ValueNode;
    const isCode = kind === 'f' || kind === 'C';
    const opaque = kind === 'B' || kind === 'x';
    const head = isCode ? (definitions[first] as Definition).key : opaque ? first : canonical(first);
    texts.push(tablePackr.pack([kind, head, opaque ? rest : canonical(rest.slice(0, 6))]).toString('latin1'));
  }
  return [hash('sha1', texts.join('\n'), 'base64url'), ids];
}

/** The classes in a table, as they are in this process, with their content hashes: records of such classes are named by them (rdd/record-classes.ts). */
export function classesIn(captured: Captured): ClassNotice[] {
  return [...(traces.get(captured)?.classes ?? [])].map(([id, owner]) => {
    const node = captured.nodes[id] as ValueNode;
    const textKey = (captured.definitions[node[1]] as Definition).key;
    return { hash: node[8][0], textKey, owner: owner as ClassNotice['owner'], hasPrivates: node[6].length > 0 };
  });
}

type ClassNotice = {
  readonly hash: string;
  readonly textKey: string;
  readonly owner: { readonly prototype: object; readonly name: string };
  readonly hasPrivates: boolean;
};
type Trace = {
  readonly parents: readonly number[];
  readonly edges: readonly (string | number)[];
  readonly classes: ReadonlyMap<number, unknown>;
};
const traces = new WeakMap<Captured, Trace>();

export interface SizeReport {
  readonly bytes: number;
  /** The captured variable of a root function that is responsible for most bytes; undefined when there is none. */
  readonly largest: { readonly path: string; readonly bytes: number } | undefined;
}

/**
 * For the warning above 1,000 KiB (Spark's `TaskSetManager.TASK_SIZE_TO_WARN_KIB`). What several variables reach counts for the first.
 * Packs every node: call it for large ones.
 */
export function sizeReport(captured: Captured, bytes: number = encodeCaptured(captured).length): SizeReport {
  const trace = traces.get(captured);
  if (!trace) return { bytes, largest: undefined };
  const totals = new Map<number, number>();
  for (const [id, node] of captured.nodes.entries()) {
    let top = id;
    while ((trace.parents[trace.parents[top] ?? -1] ?? -1) >= 0) top = trace.parents[top] as number;
    if ((trace.parents[top] ?? -1) < 0) continue; // a root itself
    totals.set(top, (totals.get(top) ?? 0) + tablePackr.pack(node as Inline[]).length);
  }
  let largest = longestText(captured);
  for (const [id, total] of totals) if (total > (largest?.bytes ?? 0)) largest = { path: pathTo(id, trace), bytes: total };
  return { bytes, largest };
}

/** Texts lie in the function's node itself, not in nodes of their own. */
function longestText({ roots, nodes, definitions }: Captured): SizeReport['largest'] {
  let longest: SizeReport['largest'];
  for (const root of roots) {
    const [kind, definition, slots] = (typeof root === 'object' && root !== null ? nodes[root.r] : undefined) ?? [];
    if (kind !== 'f') continue;
    for (const [index, slot] of (slots as Inline[]).entries()) {
      const bytes = typeof slot === 'string' ? Buffer.byteLength(slot) : 0;
      const name = (definitions[definition] as Definition).slots[index] as string;
      if (bytes > (longest?.bytes ?? 0)) longest = { path: String(captures(name)), bytes };
    }
  }
  return longest;
}

function pathTo(id: number, { edges }: { readonly edges: readonly (string | number)[] }): string {
  const edge = edges[id] as string | number;
  return typeof edge === 'number' ? `[${edge}]` : edge.trim();
}
