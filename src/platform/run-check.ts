// Runs a check of the operator's to its end, or ends it with all that it started; keeps what it says on stdout, up to a limit.

const MOST_BYTES = 64 * 1024;

/** Never rejects. `fault`: it did not start, or ended with an exit code or a signal. */
export async function runCheck(
  path: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ output: string; timedOut: boolean; fault: string | undefined }> {
  const { execa } = await import('execa');
  const running = execa(path, [...args], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
    reject: false,
    detached: true,
    maxBuffer: MOST_BYTES,
    cleanup: true,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    try {
      if (running.pid !== undefined) process.kill(-running.pid, 'SIGKILL'); // its own group: what it started goes with it
    } catch {
      // it has just ended
    }
  }, timeoutMs);
  const ended = await running;
  clearTimeout(timer);
  const output = typeof ended.stdout === 'string' ? ended.stdout : '';
  if (ended.exitCode === undefined && ended.signal === undefined) return { output, timedOut, fault: ended.shortMessage ?? 'did not start' };
  if (ended.exitCode === 0) return { output, timedOut, fault: undefined };
  return {
    output,
    timedOut,
    fault: ended.exitCode === undefined ? `ended with ${ended.signal}` : `ended with exit code ${ended.exitCode}`,
  };
}
