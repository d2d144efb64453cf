// The groups of a user of this host, as `id` says them: the primary one first. Names of users come from outside: nothing but a plain name
// is ever given to the command.
import { execFile } from 'node:child_process';

/** As long as YARN's hadoop.security.groups.cache.secs. */
const KEPT_MS = 300_000;
const MOST_KEPT = 10_000;
const known = new Map<string, { groups: readonly string[]; atMs: number }>();

/** @returns [] for a user whom this host does not know */
export async function groupsOfUser(user: string): Promise<readonly string[]> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/.test(user)) return [];
  const found = known.get(user);
  if (found !== undefined && Date.now() - found.atMs < KEPT_MS) return found.groups;
  const [primary, all] = await Promise.all([id('-gn', user), id('-Gn', user)]);
  const groups = [...new Set([...primary, ...all])];
  if (known.size >= MOST_KEPT) known.clear();
  known.set(user, { groups, atMs: Date.now() });
  return groups;
}

const id = (option: string, user: string): Promise<string[]> =>
  new Promise((resolve) => {
    execFile('id', [option, '--', user], { timeout: 5_000 }, (error, stdout) => {
      resolve(error ? [] : stdout.split(/\s+/).filter((word) => word !== ''));
    });
  });
