// Runs somebody else's command to its end and keeps what it says on stderr: npm for --packages. Scripts of ours that talk to the user
// themselves are run-script.ts; containers and daemons are process-launcher.ts.

export type Ran = { readonly ok: boolean; readonly stderr: string };

/** Nothing of it reaches our own streams. @returns ok: false with the system's words when it did not start */
export async function runCommand(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  const { execa } = await import('execa');
  const ended = await execa(file, [...args], { cwd, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', reject: false });
  if (ended.exitCode === undefined && ended.signal === undefined)
    return { ok: false, stderr: ended.shortMessage ?? `${file} did not start` };
  return { ok: ended.exitCode === 0, stderr: ended.stderr };
}
