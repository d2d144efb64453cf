// The block of an application report that yarn.Client prints below its line, field by field; tools read it.
import type { ApplicationReport } from '../../../rpc/messages/shapes.ts';

/** Follows `INFO Client: ` on a new line, as Spark prints it. */
export function reportBlock(report: ApplicationReport): string {
  const lines = [
    'client token: N/A',
    `diagnostics: ${report.diagnostics || 'N/A'}`,
    `ApplicationMaster host: ${report.amHost || 'N/A'}`,
    `ApplicationMaster RPC port: ${report.amRpcPort}`,
    `queue: ${report.queue}`,
    `start time: ${report.submittedAtMs}`,
    `final status: ${report.finalStatus}`,
    `tracking URL: ${report.trackingUrl || 'N/A'}`,
    `user: ${report.user}`,
  ];
  return `\n${lines.map((line) => `\t ${line}`).join('\n')}`;
}
