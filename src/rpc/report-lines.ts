// An application report as the lines that YARN's and Spark's clients print, which other programs parse: for commands that follow an
// application and for drivers in client mode, which follow their own. Pure text. Golden samples: spark-on-yarn-output-cluster.txt.
import type { ApplicationReport } from './messages/shapes.ts';

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
