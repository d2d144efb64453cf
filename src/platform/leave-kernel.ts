// The end of a process whose kernel computes. `exit` waits for the threads that run native work, and the kernel hears no interrupt while it plans: a
// query over thousands of columns kept a process for minutes after Ctrl-C. A process that a signal ends and whose kernel does not, ends of that
// signal: to a shell that is the same code. Where the signal is handled: runtime/program-signals.ts.
import { isMainThread } from 'node:worker_threads';
import { type SignalName, SIGNALS } from '../common/signals.ts';

let statements = 0;

const leave = (code: number): void => {
  const signal = (Object.keys(SIGNALS) as SignalName[]).find((name) => SIGNALS[name] === code);
  if (statements === 0 || signal === undefined) return;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
};

/** Called for each statement; all that is to be done at the exit is done before `leave`, as far as it is known now. */
export function statementBegan(): void {
  if (++statements > 1 || !isMainThread) return;
  process.off('exit', leave);
  process.on('exit', leave);
}

export function statementEnded(): void {
  statements--;
}
