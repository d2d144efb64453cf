// SIGINT, SIGTERM and SIGHUP of a process that runs a user's program: a goodbye where one can be said, and an end in any case. A program that
// never leaves its own loop can't run a handler; so a watcher thread sees when the main thread is stuck and takes the handlers away, through
// the inspector, which also reaches a busy thread. Then a signal ends the process as if there had been no handler. A signal that comes in
// the moment between getting stuck and being seen so waits until the loop is left: the moment is short, and a second signal ends it.
import { Worker } from 'node:worker_threads';
import { type SignalName, SIGNALS } from '../common/signals.ts';

/** Until then signals have their default effect: short programs do not pay for the thread. */
const START_AFTER_MS = 300;
const BEAT_MS = 50;
const LOOK_MS = 250;
/**
 * Of its processor time without a beat, in clock ticks of 10 ms: longer than a driver is busy at a time, for while the handlers are away nobody
 * says goodbye. Time in which a busy machine gives it no turn does not count.
 */
const STUCK_TICKS = 25;
/** Looks at a main thread that sleeps in a call of the program's (a pause, a child that is waited for), not in the event loop. */
const STUCK_ASLEEP = 4;
const BEATS = 0;
const AWAY = 1;
const SLOT = Symbol.for('emberloom.signals');

const WATCHER = `
const { workerData: words } = require('node:worker_threads');
const { Session } = require('node:inspector');
const { readFileSync } = require('node:fs');
const stat = '/proc/self/task/' + process.pid + '/stat'; // the main thread has the process's number
let last = -1, ticksThen = 0, asleep = 0;
setInterval(() => {
  const beats = Atomics.load(words, ${BEATS});
  const [state, ...rest] = readFileSync(stat, 'latin1').split(') ').at(-1).split(' ');
  const ticks = Number(rest[10]) + Number(rest[11]);
  if (beats !== last) [last, ticksThen, asleep] = [beats, ticks, 0];
  else if (state === 'S') asleep++;
  const stuck = ticks - ticksThen >= ${STUCK_TICKS} || asleep >= ${STUCK_ASLEEP};
  if (!stuck || Atomics.load(words, ${AWAY}) === 1) return;
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.evaluate', { expression: "globalThis[Symbol.for('emberloom.signals')]?.()" }, () => session.disconnect());
}, ${LOOK_MS});
`;

/** @param onSignal called for each signal, also the second */
export function handleSignals(onSignal: (name: SignalName, exitCode: number) => void): void {
  const handlers = (Object.keys(SIGNALS) as SignalName[]).map((name) => [name, () => onSignal(name, SIGNALS[name])] as const);
  const install = () => handlers.forEach(([name, handle]) => process.on(name, handle));
  setTimeout(() => {
    const words = new Int32Array(new SharedArrayBuffer(8));
    install();
    (globalThis as Record<symbol, unknown>)[SLOT] = () => {
      for (const [name, handle] of handlers) process.off(name, handle);
      Atomics.store(words, AWAY, 1);
    };
    setInterval(() => {
      Atomics.add(words, BEATS, 1);
      if (Atomics.exchange(words, AWAY, 0) === 1) install(); // it was only busy
    }, BEAT_MS).unref();
    const watcher = new Worker(WATCHER, { eval: true, workerData: words, execArgv: [] });
    watcher.on('online', () => watcher.unref());
    watcher.on('error', () => {}); // without it a stuck program is ended by kill -9
    watcher.unref();
  }, START_AFTER_MS).unref();
}
