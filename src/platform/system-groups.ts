// The groups of a user, as this machine says (`id -G -n`: files, LDAP, whatever nsswitch knows) or as a setting does. Answers are kept
// for a while, and asked for once however many wait. A user whom the machine does not know has no groups.
// Source: Hadoop's Groups with ShellBasedUnixGroupsMapping.
import { execFile } from 'node:child_process';
import { AppError } from '../common/errors.ts';

/** The primary group first. */
export type GroupsOf = (user: string) => Promise<readonly string[]>;

const MOST_USERS = 10_000;
const LIMIT_MS = 5_000;

/** `user1=group1,group2;user2=`. @throws AppError CONFIG_BAD_VALUE */
export function staticGroups(text: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const part of text.split(';').filter((p) => p.trim() !== '')) {
    const at = part.indexOf('=');
    const user = (at < 0 ? part : part.slice(0, at)).trim();
    const bad = at < 0 || user === '' || groups.has(user);
    if (bad)
      throw new AppError('CONFIG_BAD_VALUE', {
        key: 'hadoop.user.group.static.mapping.overrides',
        value: text,
        expected: 'user1=group1,group2;user2=group3, each user once',
        where: 'settings',
      });
    groups.set(user, [
      ...new Set(
        part
          .slice(at + 1)
          .split(',')
          .map((g) => g.trim())
          .filter((g) => g !== ''),
      ),
    ]);
  }
  return groups;
}

export function cachedGroups(
  fixed: ReadonlyMap<string, readonly string[]>,
  holdMs: number,
  ask: GroupsOf = systemGroups,
  nowMs: () => number = () => performance.now(),
): GroupsOf & { readonly forget: () => void } {
  const known = new Map<string, { readonly until: number; readonly answer: Promise<readonly string[]> }>();
  const groupsOf: GroupsOf = (user) => {
    const said = fixed.get(user);
    if (said !== undefined) return Promise.resolve(said);
    const found = known.get(user);
    if (found !== undefined && found.until > nowMs()) return found.answer;
    const answer = ask(user);
    known.delete(user);
    known.set(user, { until: nowMs() + holdMs, answer });
    for (const oldest of known.keys()) {
      if (known.size <= MOST_USERS) break;
      known.delete(oldest);
    }
    return answer;
  };
  return Object.assign(groupsOf, { forget: () => known.clear() });
}

const systemGroups: GroupsOf = (user) =>
  new Promise((resolve) => {
    if (!/^[^\s:,-][^\s:,]*$/.test(user)) return resolve([]);
    Promise.all([id('-gn', user), id('-Gn', user)]).then(([primary, all]) => resolve([...new Set([...primary, ...all])]));
  });

const id = (option: string, user: string): Promise<string[]> =>
  new Promise((resolve) => {
    execFile('id', [option, '--', user], { timeout: LIMIT_MS, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }, (error, stdout) =>
      resolve(error ? [] : stdout.split(/\s+/).filter((g) => g !== '')),
    );
  });
