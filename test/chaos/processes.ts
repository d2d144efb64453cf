// What runs below a folder: daemons, drivers, executors, found in /proc by the folder's name in their environment, arguments or working
// folder, as test/cli/helpers.bash does. Only Node.js processes count. Nothing here ends a process that is not of the folder.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type Kind = 'resourcemanager' | 'nodemanager' | 'executor' | 'driver' | 'submit' | 'other';
export type Found = { readonly pid: number; readonly kind: Kind; readonly arguments: string; readonly cwd: string };

const quietly = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined; // it ended meanwhile, or is not ours
  }
};

export function processesBelow(folder: string): Found[] {
  const found: Found[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    if (!quietly(() => readlinkSync(`/proc/${entry}/exe`))?.endsWith('/node')) continue;
    const text = quietly(() => readFileSync(`/proc/${entry}/cmdline`, 'utf8'))?.replaceAll('\0', ' ') ?? '';
    const cwd = quietly(() => readlinkSync(`/proc/${entry}/cwd`)) ?? '';
    const environment = quietly(() => readFileSync(`/proc/${entry}/environ`, 'latin1')) ?? '';
    if (![text, `${cwd}/`, environment].some((where) => where.includes(`${folder}/`))) continue;
    found.push({ pid: Number(entry), kind: kindOf(text, cwd), arguments: text, cwd });
  }
  return found;
}

function kindOf(text: string, cwd: string): Kind {
  if (text.includes('spark-submit.cjs')) return 'submit';
  if (/\/container_[^/]*$/.test(cwd)) return text.includes('driver.cjs') ? 'driver' : 'executor';
  if (text.includes('resourcemanager.cjs')) return 'resourcemanager';
  if (text.includes('nodemanager.cjs')) return 'nodemanager';
  return 'other';
}

/** @returns false when it was gone already */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  return quietly(() => process.kill(pid, name)) ?? false;
}

/** Unix sockets that are listened on below the folder. */
export function listenersBelow(folder: string): string[] {
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap((f) => (f[3] === '00010000' && f[7]?.startsWith(`${folder}/`) ? [f[7]] : []));
}
