// Who may what in this cluster, as settings, the system's groups and the registry of users say it; and what of it an operator may have read again.
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { accessList } from '../../common/access-list.ts';
import { NO_AUDIT } from '../../common/audit-line.ts';
import { KEYS } from '../../common/config-keys.ts';
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { AuditFile } from '../../platform/audit-file.ts';
import { cachedGroups, staticGroups } from '../../platform/system-groups.ts';
import { watchedUsers } from '../../platform/user-registry.ts';
import { proxyRules } from '../core/acls/proxy-rules.ts';
import type { RmSecurity } from '../service/rm-security.ts';

/** What an operator may have read again. @throws AppError CONFIG_BAD_VALUE */
function rightsOf(settings: Settings): Pick<RmSecurity, 'policy' | 'proxies'> {
  const owner = userInfo().username;
  const admins = settings.raw(KEYS.adminAcl) ?? owner;
  return {
    policy: { enabled: settings.need(KEYS.aclEnable), owner, admins: accessList(admins), adminText: admins },
    proxies: proxyRules(settings.beginningWith('hadoop.proxyuser.')),
  };
}

/** @throws AppError CONFIG_BAD_VALUE */
export function securityOf(
  settings: Settings,
  dataDir: string,
  logger: Logger,
  readSettings: (() => Promise<Settings>) | undefined,
): RmSecurity {
  const groupsOf = cachedGroups(staticGroups(settings.need(KEYS.groupsOverride)), settings.need(KEYS.groupsCacheSecs) * 1000);
  const path = join(dataDir, 'logs', 'rm-audit.log');
  const file = { path, name: 'RMAuditLogger', maxBytes: settings.need(KEYS.auditMaxBytes), maxFiles: settings.need(KEYS.auditMaxFiles) };
  return {
    ...rightsOf(settings),
    again: readSettings && (async () => rightsOf(await readSettings())),
    groupsOf,
    forgetGroups: groupsOf.forget,
    audit: settings.need(KEYS.auditEnabled) ? new AuditFile(file, logger) : NO_AUDIT,
    hideOthers: settings.need(KEYS.filterByUser),
    generationOf: watchedUsers(dataDir, (fault) => logger.error(fault)),
    limits: {
      max: settings.need(KEYS.maxConnections),
      maxUnproven: settings.need(KEYS.maxUnproven),
      maxPerIdentity: settings.need(KEYS.maxPerIdentity),
    },
    rollEveryMs: { container: settings.need(KEYS.containerKeyRollSecs) * 1000, nm: settings.need(KEYS.nmKeyRollSecs) * 1000 },
  };
}
