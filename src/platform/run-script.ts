// Runs a script of ours in the foreground, on our own stdin, stdout and stderr. Containers and daemons are another matter:
// process-launcher.ts.

/** @returns its exit code; 128 + n when signal n ended it, as shells count */
export async function runScript(file: string, args: readonly string[]): Promise<number> {
  const { execa } = await import('execa');
  const { constants } = await import('node:os');
  const ended = await execa(file, [...args], { stdio: 'inherit', reject: false });
  return ended.exitCode ?? 128 + (ended.signal === undefined ? 0 : constants.signals[ended.signal]);
}
