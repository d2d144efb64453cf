// What the ResourceManager is told about rights, users and floods when it is put together; main.ts reads it from settings.
import { type AuditSink, NO_AUDIT } from '../../common/audit-line.ts';
import { type ConnectionLimits, NO_LIMITS } from '../../rpc/connection-gate.ts';
import { OPEN_POLICY, type Policy } from '../core/acls/may-user.ts';
import type { ProxyRules } from '../core/acls/proxy-rules.ts';

export type RmSecurity = {
  readonly policy: Omit<Policy, 'queues'>;
  readonly proxies: ProxyRules;
  /** Reads the settings anew, for an operator's order; undefined: there is no file. @throws AppError CONFIG_BAD_FILE, CONFIG_BAD_VALUE */
  readonly again?: (() => Promise<Pick<RmSecurity, 'policy' | 'proxies'>>) | undefined;
  readonly forgetGroups?: (() => void) | undefined;
  readonly groupsOf: (user: string) => Promise<readonly string[]>;
  readonly audit: AuditSink;
  readonly hideOthers: boolean;
  /** Of the secret of a user's own; undefined: he has none. */
  readonly generationOf: (user: string) => number | undefined;
  readonly limits: ConnectionLimits;
  /** yarn.resourcemanager.*-tokens.master-key-rolling-interval-secs */
  readonly rollEveryMs: { readonly container: number; readonly nm: number };
};
export const OPEN: RmSecurity = {
  policy: OPEN_POLICY,
  proxies: new Map(),
  groupsOf: async () => [],
  audit: NO_AUDIT,
  hideOthers: false,
  generationOf: () => undefined,
  limits: NO_LIMITS,
  rollEveryMs: { container: 86_400_000, nm: 86_400_000 },
};
