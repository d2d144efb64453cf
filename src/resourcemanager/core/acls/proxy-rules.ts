// Who may act for whom: hadoop.proxyuser.<name>.users|groups|hosts. Both must hold: the user (or one of his groups), and the host
// that the connection comes from. Source: Hadoop's DefaultImpersonationProvider.
import { accessList, type Caller } from '../../../common/access-list.ts';

/** Texts of the settings by the name of the proxy user. */
export type ProxyRules = ReadonlyMap<string, { readonly users?: string; readonly groups?: string; readonly hosts?: string }>;

export function proxyRules(settings: Iterable<{ readonly name: string; readonly value: string }>): ProxyRules {
  const rules = new Map<string, { users?: string; groups?: string; hosts?: string }>();
  for (const { name, value } of settings) {
    const parts = /^hadoop\.proxyuser\.(.+)\.(users|groups|hosts)$/.exec(name);
    if (parts === null) continue;
    const rule = rules.get(parts[1]!) ?? {};
    rule[parts[2] as 'users' | 'groups' | 'hosts'] = value;
    rules.set(parts[1]!, rule);
  }
  return rules;
}

/**
 * @param host where the connection comes from; a Unix socket is `localhost`
 * @returns why not; undefined: he may
 */
export function mayImpersonate(rules: ProxyRules, real: string, other: Caller, host: string): string | undefined {
  const rule = rules.get(real);
  if (rule === undefined) return 'no hadoop.proxyuser setting names it';
  const users = accessList((rule.users ?? '').replaceAll(' ', ''));
  const groups = new Set((rule.groups ?? '').split(',').map((g) => g.trim()));
  if (!(users.all || users.users.has(other.user) || groups.has('*') || other.groups.some((g) => groups.has(g))))
    return `its users (${rule.users ?? ''}) and groups (${rule.groups ?? ''}) do not include ${other.user}`;
  const hosts = (rule.hosts ?? '').split(',').map((h) => h.trim());
  if (hosts.includes('*') || hosts.some((h) => h !== '' && hostMatches(h, host))) return undefined;
  return `Unauthorized connection for super-user: ${real} from ${host}`;
}

const LOCAL = new Set(['localhost', '127.0.0.1', '::1']);

function hostMatches(rule: string, host: string): boolean {
  if (rule === host || (LOCAL.has(rule) && LOCAL.has(host))) return true;
  const cidr = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(rule);
  if (cidr === null) return false;
  const [net, at] = [ipv4(cidr[1]!), ipv4(host === 'localhost' ? '127.0.0.1' : host)];
  const bits = Number(cidr[2]);
  if (net === undefined || at === undefined || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(net / size) === Math.floor(at / size);
}

function ipv4(text: string): number | undefined {
  const parts = text
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  if (parts.length !== 4 || parts.some((n) => !Number.isInteger(n) || n < 0 || n > 255)) return undefined;
  return parts.reduce((sum, n) => sum * 256 + n, 0);
}
