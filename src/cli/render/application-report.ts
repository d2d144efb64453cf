// An application report as the lines that YARN's and Spark's clients print, which other programs parse. Pure text.
// Golden samples: spark-on-yarn-output-cluster.txt.
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';

export const stateLine = (report: ApplicationReport): string => `Application report for ${report.applicationId} (state: ${report.state})`;

/** The block under a changed state: begins with a new line, because it follows `INFO Client: `. */
export function reportBlock(report: ApplicationReport): string {
  const lines = [
    'client token: N/A',
    `diagnostics: ${report.diagnostics || 'N/A'}`,
    `ApplicationMaster host: ${report.amHost || 'N/A'}`,
    `ApplicationMaster RPC port: ${report.amRpcPort > 0 ? report.amRpcPort : -1}`,
    `queue: ${report.queue}`,
    `start time: ${report.submittedAtMs}`,
    `final status: ${report.finalStatus}`,
    `tracking URL: ${report.trackingUrl || 'N/A'}`,
    `user: ${report.user}`,
  ];
  return `\n${lines.map((line) => `\t ${line}`).join('\n')}`;
}

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
