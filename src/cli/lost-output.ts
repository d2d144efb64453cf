// What becomes of a command when its output is not taken any more: by a reader that has left (`| head`), or by a full disk.

/** For a job: a reader that has left does not end it. What is written after that is dropped, as a JVM's System.out does; other faults are thrown. */
export function outliveReaders(): void {
  process.stderr.on('error', () => {}); // there is nobody left to tell
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** For a command that only prints: without a reader there is nothing left to do, and that is the reader's choice, no failure. */
export function endWithReader(): void {
  process.stderr.on('error', () => {});
  // Before the listener of oclif, which throws.
  process.stdout.prependListener('error', (error) => process.exit(codeAfter(error, 0)));
}

/** @returns the code, or 1 after a sentence when what was printed did not arrive: a script must not take half a list for a whole one */
export const exitCodeOfOutput = (code: number): number => codeAfter(process.stdout.errored, code);

function codeAfter(fault: NodeJS.ErrnoException | null, code: number): number {
  if (fault === null || fault.code === 'EPIPE' || code !== 0) return code;
  process.stderr.write(`Error: stdout can't be written: ${fault.message}\n`);
  return 1;
}
