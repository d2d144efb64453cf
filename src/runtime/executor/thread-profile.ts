// Stacks and CPU profiles of the task slots, taken by the main thread while they work: V8 samples a worker without its help, so a busy one
// answers too. User code runs under its own file names and lines, so what comes out is the user's TypeScript. Source: Spark's ThreadDump.
import { basename } from 'node:path';
import type { Worker } from 'node:worker_threads';

type CallFrame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };
type ProfileNode = { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] };
export type CpuProfile = { readonly nodes: readonly ProfileNode[]; readonly samples?: readonly number[] };

/** `slot` -1: the main thread. */
export type ThreadState = {
  readonly slot: number;
  readonly taskId: number;
  readonly state: 'RUNNABLE' | 'WAITING';
  readonly stack: readonly string[];
};
export type ProfiledWorker = { readonly worker: Worker; readonly slot: number; readonly taskId: number | undefined };

/** Long enough for some samples of a working thread, ms. */
const GLANCE_MS = 30;

export async function threadStates(workers: readonly ProfiledWorker[]): Promise<ThreadState[]> {
  const glances = await Promise.all(
    workers.map(async ({ worker, slot, taskId }) => ({ slot, taskId, profile: await profileWorker(worker, GLANCE_MS) })),
  );
  return glances.flatMap(({ slot, taskId, profile }) => (profile === undefined ? [] : [stateOf(slot, taskId, profile)]));
}

export function stateOf(slot: number, taskId: number | undefined, profile: CpuProfile): ThreadState {
  const stacks = stacksOf(profile);
  const working = stacks.findLast((stack) => !isIdle(stack));
  const stack = (working ?? []).map((frame) => `at ${frame}`).reverse();
  return { slot, taskId: taskId ?? -1, state: working === undefined ? 'WAITING' : 'RUNNABLE', stack };
}

/** All slots for so long, as folded stacks: `slot 0;caller (job.ts:3);leaf (job.ts:9) 12`, a line each. */
export async function foldedProfile(workers: readonly ProfiledWorker[], forMs: number): Promise<string> {
  const profiles = await Promise.all(
    workers.map(async ({ worker, slot }) => ({ name: `slot ${slot}`, profile: await profileWorker(worker, forMs) })),
  );
  return profiles.flatMap(({ name, profile }) => (profile === undefined ? [] : foldedLines(name, profile))).join('');
}

export function foldedLines(root: string, profile: CpuProfile): string[] {
  const counts = new Map<string, number>();
  for (const stack of stacksOf(profile)) {
    if (isIdle(stack)) continue;
    const folded = [root, ...stack].map((frame) => frame.replaceAll(';', ',')).join(';');
    counts.set(folded, (counts.get(folded) ?? 0) + 1);
  }
  return [...counts].map(([folded, count]) => `${folded} ${count}\n`);
}

const isIdle = (stack: readonly string[]): boolean => stack.length === 0 || stack.at(-1) === '(idle)' || stack.at(-1) === '(program)';

/** A worker may end meanwhile: then there is nothing to tell. */
async function profileWorker(worker: Worker, forMs: number): Promise<CpuProfile | undefined> {
  try {
    const handle = await worker.startCpuProfile();
    await new Promise((resolve) => setTimeout(resolve, forMs));
    return JSON.parse(await handle.stop()) as CpuProfile;
  } catch {
    return undefined;
  }
}

/** Frames from the outermost in, without V8's root and Node's own. */
function stacksOf({ nodes, samples = [] }: CpuProfile): string[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map<number, number>();
  for (const node of nodes) for (const child of node.children ?? []) parent.set(child, node.id);
  const known = new Map<number, string[]>();
  const stackOf = (id: number | undefined): string[] => {
    if (id === undefined) return [];
    const made = known.get(id);
    if (made !== undefined) return made;
    const { callFrame } = byId.get(id)!;
    const outer = stackOf(parent.get(id));
    const hidden = callFrame.functionName === '(root)' || callFrame.url.startsWith('node:');
    const stack = hidden ? outer : [...outer, frameText(callFrame)];
    known.set(id, stack);
    return stack;
  };
  return samples.map(stackOf);
}

function frameText({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = basename(url.split('?')[0]!);
  // The engine's bundles have a few very long lines: their numbers say nothing.
  return file.endsWith('.main.cjs') ? `${name} (emberloom)` : `${name} (${file}:${lineNumber + 1})`;
}
