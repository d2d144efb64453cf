// One act as a line of the audit log: NAME=value pairs in a fixed order, separated by tabs, so that scripts written for YARN's read
// ours. Values can't forge a pair or a line: tabs, line ends and other control characters are escaped, and so is the `=` of a name
// in nothing but its own value. Source: org.apache.hadoop.yarn.server.resourcemanager.RMAuditLogger and NMAuditLogger.

export type AuditRecord = {
  readonly user: string;
  /** Who acted in the user's name, when that was another. */
  readonly realUser?: string | undefined;
  readonly ip?: string | undefined;
  /** YARN's words: `Kill Application Request`, `Submit Application Request` … */
  readonly operation: string;
  /** The service that was asked: ClientRMService, AdminService, ApplicationMasterService, ContainerManagerImpl. */
  readonly target: string;
  /** FAILURE only: why. */
  readonly description?: string | undefined;
  /** FAILURE only: what would have been needed. */
  readonly permissions?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly attemptId?: string | undefined;
  readonly containerId?: string | undefined;
  readonly resource?: string | undefined;
  readonly queue?: string | undefined;
};

/** Where lines go; platform/audit-file.ts. */
export interface AuditSink {
  write(line: string): void;
  /** What is written is on the disk when it returns. */
  close(): void;
}

export const NO_AUDIT: AuditSink = { write: () => {}, close: () => {} };

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
const UNSAFE = /[\u0000-\u001f\u007f\u0085\u2028\u2029\\]/g;
const MOST = 2_000;

const safe = (value: string): string =>
  value.slice(0, MOST).replace(UNSAFE, (c) => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function auditLine(record: AuditRecord): string {
  const failed = record.description !== undefined || record.permissions !== undefined;
  const pairs: [string, string | undefined][] = [
    ['USER', record.user],
    ['REALUSER', record.realUser === record.user ? undefined : record.realUser],
    ['IP', record.ip],
    ['OPERATION', record.operation],
    ['TARGET', record.target],
    ['RESULT', failed ? 'FAILURE' : 'SUCCESS'],
    ['DESCRIPTION', record.description],
    ['PERMISSIONS', failed ? (record.permissions ?? '') : undefined],
    ['APPID', record.applicationId],
    ['APPATTEMPTID', record.attemptId],
    ['CONTAINERID', record.containerId],
    ['RESOURCE', record.resource],
    ['QUEUENAME', record.queue],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${safe(value)}`])).join('\t');
}
