// Records CPU profiles of worker threads from the main thread, so that they tell the truth about user code. V8 alone does not: a function that it has
// put into its caller (inlined) is counted as the caller, and a loop that was optimised while it ran has no name in a profile that begins later.
// So while one is recorded functions are not inlined, and at its beginning V8 throws its optimised code away and makes it anew, this time known to the
// profiler; at the end once more, and all is as before. Nothing of this costs anything while nobody records. What a profile becomes: thread-profile.ts.
import { setFlagsFromString } from 'node:v8';
import { WorkerInspector } from './worker-inspector.ts';

export type CallFrame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };
export type ProfileNode = { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] };
/** DevTools' Profiler.Profile. µs on the clock of process.hrtime; timeDeltas[i]: from the sample before. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

const INTERVAL_US = 1_000;
/** Long enough for some samples of a working thread, ms. */
const GLANCE_MS = 30;
/** A compilation that had begun before inlining was switched off may end after the code was thrown away: so long after, it is thrown away again, ms. */
const SETTLE_MS = 100;
const INLINING = ['turbo-inlining', 'maglev-inlining'] as const;

/** @returns by thread id; a thread that ends meanwhile or does not answer (it is in a native call) has none */
export function recordCpu(threadIds: readonly number[], forMs: number): Promise<Map<number, CpuProfile>> {
  return withInspector(async (inspector) => {
    holdInlining();
    try {
      return await record(inspector, threadIds, forMs, SETTLE_MS);
    } finally {
      releaseInlining();
      // The code of the recording has no inlined functions: V8 makes it anew, that of this thread, too.
      await Promise.all(threadIds.map((id) => discardCode(inspector, id).catch(() => {})));
      inspector.askHere('Profiler.enable');
      for (const method of DISCARD) inspector.askHere(method);
    }
  });
}

/** What the threads do now: as recordCpu, but inlined functions stay within their callers once V8 has optimised the code anew. */
export function glanceAtCpu(threadIds: readonly number[]): Promise<Map<number, CpuProfile>> {
  return withInspector((inspector) => record(inspector, threadIds, GLANCE_MS, 0));
}

async function withInspector<T>(use: (inspector: WorkerInspector) => Promise<T>): Promise<T> {
  const inspector = new WorkerInspector();
  try {
    return await use(inspector);
  } finally {
    inspector.close();
  }
}

async function record(inspector: WorkerInspector, threadIds: readonly number[], forMs: number, settleMs: number) {
  const profiles = new Map<number, CpuProfile>();
  const one = async (id: number): Promise<void> => {
    await inspector.ask(id, 'Profiler.enable');
    await inspector.ask(id, 'Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await inspector.ask(id, 'Profiler.start'); // before the code is made anew: V8 tells a profiler of new code only
    await discardCode(inspector, id);
    if (settleMs > 0) {
      await wait(settleMs);
      await discardCode(inspector, id);
    }
    const fromUs = Number(process.hrtime.bigint() / 1_000n);
    await wait(forMs);
    const { profile } = (await inspector.ask(id, 'Profiler.stop')) as { profile: CpuProfile };
    const recorded = since(fromUs, profile);
    // A glance at a thread that got no CPU has what V8 saw when it began.
    profiles.set(id, settleMs === 0 && recorded.samples.length === 0 ? profile : recorded);
  };
  await Promise.all(threadIds.map((id) => one(id).catch(() => {})));
  return profiles;
}

/** V8 begins to count which functions run only after it has thrown away all optimised code. Source: v8/src/debug/debug-coverage.cc, SelectMode. */
const DISCARD = ['Profiler.startPreciseCoverage', 'Profiler.stopPreciseCoverage'] as const;

async function discardCode(inspector: WorkerInspector, threadId: number): Promise<void> {
  for (const method of DISCARD) await inspector.ask(threadId, method);
}

/** Without the samples before: they may be of code without names. */
export function since(fromUs: number, profile: CpuProfile): CpuProfile {
  let atUs = profile.startTime;
  const first = profile.timeDeltas.findIndex((delta) => (atUs += delta) >= fromUs);
  const from = first < 0 ? profile.samples.length : first;
  return { ...profile, startTime: fromUs, samples: profile.samples.slice(from), timeDeltas: profile.timeDeltas.slice(from) };
}

/** Flags are the process's: with several recordings at once the first switches inlining off and the last on. */
let recordings = 0;
const holdInlining = (): void => {
  if (recordings++ === 0) for (const flag of INLINING) setFlagsFromString(`--no-${flag}`);
};
const releaseInlining = (): void => {
  if (--recordings === 0) for (const flag of INLINING) setFlagsFromString(`--${flag}`);
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
