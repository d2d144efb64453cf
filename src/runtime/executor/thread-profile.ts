// Stacks and CPU profiles of the task slots as text, for the pages: which thread does what now, and folded stacks. User code runs under its own file
// names and lines, so what comes out is the user's TypeScript. How they are recorded is cpu-recorder.ts. Source: Spark's ThreadDump.
import { basename } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { type CallFrame, type CpuProfile, glanceAtCpu, recordCpu } from './cpu-recorder.ts';

/** `slot` -1: the main thread. */
export type ThreadState = {
  readonly slot: number;
  readonly taskId: number;
  readonly state: 'RUNNABLE' | 'WAITING';
  readonly stack: readonly string[];
};
export type ProfiledWorker = { readonly worker: Worker; readonly slot: number; readonly taskId: number | undefined };

/** A slot whose worker ends meanwhile is left out; one that does not answer is in a native call. */
export async function threadStates(workers: readonly ProfiledWorker[]): Promise<ThreadState[]> {
  const profiles = await glanceAtCpu(workers.map(({ worker }) => worker.threadId));
  return workers.flatMap(({ worker, slot, taskId }) => {
    const profile = profiles.get(worker.threadId);
    if (profile !== undefined) return [stateOf(slot, taskId, profile)];
    return worker.threadId < 0 ? [] : [{ slot, taskId: taskId ?? -1, state: 'WAITING' as const, stack: ['at (native code)'] }];
  });
}

export function stateOf(slot: number, taskId: number | undefined, profile: CpuProfile): ThreadState {
  const stacks = stacksOf(profile);
  // A sample in the middle of a collection does not say where the thread is.
  const working = stacks.findLast((stack) => !isIdle(stack) && stack.at(-1) !== COLLECTING) ?? stacks.findLast((stack) => !isIdle(stack));
  const stack = (working ?? []).map((frame) => `at ${frame}`).reverse();
  return { slot, taskId: taskId ?? -1, state: working === undefined ? 'WAITING' : 'RUNNABLE', stack };
}

/**
 * All slots for so long, as folded stacks: `slot 0;caller (job.ts:3);leaf (job.ts:9) 12`, a line each. Before them a line of how it was recorded:
 * `# slots=2 samples=9604 idle=120 intervalUs=1003 silent=;`. Samples are of all slots, silent the slots that did not answer.
 */
export async function foldedProfile(workers: readonly ProfiledWorker[], forMs: number): Promise<string> {
  const profiles = await recordCpu(
    workers.map(({ worker }) => worker.threadId),
    forMs,
  );
  const recorded = workers.flatMap(({ worker, slot }) => {
    const profile = profiles.get(worker.threadId);
    return profile === undefined ? [] : [{ slot, profile }];
  });
  const silent = workers.filter(({ slot }) => !recorded.some((r) => r.slot === slot)).map(({ slot }) => slot);
  return [
    headLine(
      recorded.map((r) => r.profile),
      silent,
    ),
    ...recorded.flatMap(({ slot, profile }) => foldedLines(`slot ${slot}`, profile)),
  ].join('');
}

export function headLine(profiles: readonly CpuProfile[], silent: readonly number[]): string {
  const all = profiles.map((profile) => stacksOf(profile));
  const samples = all.reduce((sum, stacks) => sum + stacks.length, 0);
  const idle = all.reduce((sum, stacks) => sum + stacks.filter(isIdle).length, 0);
  const recordedUs = profiles.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
  const intervalUs = samples === 0 ? 0 : Math.round(recordedUs / samples);
  return `# slots=${profiles.length} samples=${samples} idle=${idle} intervalUs=${intervalUs} silent=${silent.join(',')};\n`;
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

const COLLECTING = '(garbage collector)';
const isIdle = (stack: readonly string[]): boolean => stack.length === 0 || stack.at(-1) === '(idle)' || stack.at(-1) === '(program)';

/** Frames from the outermost in, without V8's root and Node's own. */
function stacksOf({ nodes, samples }: CpuProfile): string[][] {
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
