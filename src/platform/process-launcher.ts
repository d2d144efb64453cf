// Child processes on execa: started in a session and process group of their own, stdout and stderr straight into files, never
// through this process. A launched process outlives the one that launched it; ending it is the caller's business (by group).
// execa is loaded at the first launch: it is the dearest package of this system to load.
import { closeSync, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { LaunchedProcess, Launcher, LaunchSpec, ProcessEnd } from '../common/ports.ts';

export class ExecaLauncher implements Launcher {
  /** @throws Error with the system's words */
  async launch(spec: LaunchSpec): Promise<LaunchedProcess> {
    const { execa } = await import('execa');
    const out = openSync(spec.stdoutPath, 'a', 0o640);
    const err = openSync(spec.stderrPath, 'a', 0o640);
    try {
      const child = execa(spec.file, [...spec.args], {
        cwd: spec.cwd,
        env: { ...spec.env },
        extendEnv: false,
        detached: true,
        cleanup: false,
        reject: false,
        buffer: false,
        // Its types know file numbers for the standard streams only as a single option; they are passed on to spawn as they are.
        stdio: (spec.control ? ['ignore', out, err, 'pipe'] : ['ignore', out, err]) as unknown as ['ignore', 'ignore', 'ignore'],
      });
      // Its own end, not that of its pipes: a grandchild may hold fd 3 for ever.
      const ended = new Promise<ProcessEnd>((resolve) =>
        child.nodeChildProcess.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined })),
      );
      if (child.pid === undefined) throw new Error((await child).shortMessage ?? `${spec.file} did not start`);
      child.nodeChildProcess.unref();
      const control = (child.stdio as readonly unknown[])[3] as Duplex | undefined;
      control?.resume(); // what the child says there is not for us, but unread bytes would keep the pipe
      control?.on('error', () => {}); // the child ended before it read: `ended` says so
      return { pid: child.pid, ended, control };
    } finally {
      closeSync(out);
      closeSync(err);
    }
  }
}
