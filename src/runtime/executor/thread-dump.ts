// What the task slots of this executor do now, on its stdout at SIGQUIT, as a JVM answers that signal: `yarn container -signal C OUTPUT_THREAD_DUMP`
// sends it. The form is jstack's, so that what reads those finds its way.
import type { ThreadState } from './thread-profile.ts';

/** @param when `2030-01-01 12:00:00` */
export function threadDumpText(executorId: string, threads: readonly ThreadState[], when: string): string {
  const slots = threads.map(({ slot, taskId, state, stack }) => {
    const task = taskId < 0 ? '' : ` task ${taskId}`;
    return `"slot ${slot}"${task}\n   State: ${state}\n${stack.map((frame) => `\t${frame}\n`).join('')}\n`;
  });
  return `${when}\nFull thread dump of executor ${executorId} (Node.js ${process.version}, pid ${process.pid}):\n\n${slots.join('')}`;
}

/** Once a process. A dump that is asked for while one is made is that one. */
export function dumpThreadsOnSignal(executorId: string, threads: () => Promise<ThreadState[]>): void {
  let making = false;
  process.on('SIGQUIT', async () => {
    if (making) return;
    making = true;
    try {
      const when = new Date().toISOString().slice(0, 19).replace('T', ' ');
      process.stdout.write(threadDumpText(executorId, await threads(), when));
    } finally {
      making = false;
    }
  });
}
