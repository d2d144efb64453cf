// What has become of an application, for whoever followed it. Its lines while it runs: rpc/report-lines.ts.
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export const isFinalState = (state: ApplicationReport['state']): boolean =>
  state === 'FINISHED' || state === 'FAILED' || state === 'KILLED';

/** What became of it, for the submitter's last words and exit code. Source: Client.run of Spark's yarn module. */
export function outcome({ applicationId, state, finalStatus }: ApplicationReport): { exitCode: 0 | 1; exception: string | undefined } {
  if (state === 'FAILED' || finalStatus === 'FAILED')
    return { exitCode: 1, exception: `Application ${applicationId} finished with failed status` };
  if (state === 'KILLED' || finalStatus === 'KILLED') return { exitCode: 1, exception: `Application ${applicationId} is killed` };
  if (finalStatus === 'UNDEFINED') return { exitCode: 1, exception: `The final status of application ${applicationId} is undefined` };
  return { exitCode: 0, exception: undefined };
}

/** What an application failed of, in one line: its program's first error (run-program.ts puts it first), else the first line that was said. */
export function reasonLine(diagnostics: string): string {
  return (/^User class threw exception: (.+)$/m.exec(diagnostics)?.[1] ?? diagnostics.trim().split('\n')[0]!).trim();
}
