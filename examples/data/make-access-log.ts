/**
 * Writes the access logs that examples/log-report.ts reads: two days of an intranet portal with five offices, in Combined Log Format,
 * the older day gzipped as logrotate leaves it. Seeded: every run writes the same lines (test/docs compares).
 *
 *   node examples/data/make-access-log.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const PAGES: [path: string, weight: number, bytes: number][] = [
  ['/', 30, 8_200],
  ['/news', 18, 12_400],
  ['/search?q=holiday', 9, 6_100],
  ['/search?q=travel+expenses', 7, 6_300],
  ['/timesheets', 16, 9_700],
  ['/timesheets/submit', 8, 512],
  ['/canteen/menu', 14, 3_900],
  ['/directory', 10, 15_800],
  ['/handbook/onboarding.pdf', 3, 184_000],
  ['/api/v1/notifications', 40, 340],
  ['/static/app.js', 20, 96_000],
  ['/static/app.css', 20, 18_500],
  ['/favicon.ico', 8, 1_150],
];
const DEAD_LINKS: [page: string, referrer: string][] = [
  ['/handbook/onboarding-2023.pdf', 'https://portal.example/handbook'],
  ['/canteen/menu.old', 'https://portal.example/news'],
  ['/travel/forms', 'https://portal.example/directory'],
];
const AGENTS = ['Mozilla/5.0 Firefox/145.0', 'Mozilla/5.0 Chrome/142.0.0.0', 'Mozilla/5.0 Safari/605.1.15', 'curl/8.16.0'];
/** Second part of the 10.x.0.0/16 networks, machines, and how busy the office is; 10.99 stands in no table. */
const OFFICES: [network: number, machines: number, weight: number][] = [
  [1, 40, 34],
  [2, 25, 22],
  [7, 18, 14],
  [20, 30, 20],
  [31, 6, 6],
  [99, 4, 4],
];
const HOUR_WEIGHTS = [1, 1, 1, 1, 1, 2, 6, 18, 44, 52, 48, 42, 36, 40, 46, 44, 38, 26, 12, 6, 4, 3, 2, 1];

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const two = (n: number) => String(n).padStart(2, '0');

/** @returns the log text of one day: requests in order of time, with a scanner's visit and two damaged lines as real logs have them */
export function accessLog(day: string, requests: number, seed: number): string {
  const random = seeded(seed);
  const whole = (bound: number) => Math.floor(random() * bound);
  const pick = <T>(list: readonly T[], weightOf: (item: T) => number): T => {
    let left = random() * list.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of list) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return list.at(-1)!;
  };
  const times = Array.from(
    { length: requests },
    () => pick([...HOUR_WEIGHTS.keys()], (hour) => HOUR_WEIGHTS[hour]!) * 3600 + whole(3600),
  ).sort((a, b) => a - b);
  const lines = times.map((second) => {
    const [network, machines] = pick(OFFICES, ([, , weight]) => weight);
    const client = `10.${network}.${whole(2)}.${10 + whole(machines)}`;
    const time = `${day}:${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)} +0100`;
    const chance = random();
    const agent = AGENTS[whole(AGENTS.length)];
    if (chance < 0.025) {
      const [page, referrer] = DEAD_LINKS[whole(DEAD_LINKS.length)]!;
      return `${client} - - [${time}] "GET ${page} HTTP/1.1" 404 196 "${referrer}" "${agent}"`;
    }
    const [page, , bytes] = pick(PAGES, ([, weight]) => weight);
    const [status, size] =
      page === '/timesheets/submit'
        ? chance < 0.12
          ? [503, 299]
          : [302, '-']
        : chance < 0.2 && page.startsWith('/static')
          ? [304, '-']
          : chance < 0.03
            ? [500, 1_024]
            : [200, bytes];
    const method = page === '/timesheets/submit' ? 'POST' : 'GET';
    const referrer = random() < 0.4 ? 'https://portal.example/' : '-';
    return `${client} - - [${time}] "${method} ${page} HTTP/1.1" ${status} ${size} "${referrer}" "${agent}"`;
  });
  // What a port scanner leaves in a log, and a line that was cut when the disk was full for a moment.
  lines.splice(Math.floor(requests / 3), 0, `10.99.0.11 - - [${day}:03:12:40 +0100] "\\x16\\x03\\x01" 400 226 "-" "-"`);
  lines.splice(Math.floor(requests / 2), 0, lines[5]!.slice(0, 41));
  return `${lines.join('\n')}\n`;
}

export const NETWORKS =
  'network,office\n10.1.0.0/16,Berlin\n10.2.0.0/16,Lyon\n10.7.0.0/16,Porto\n10.20.0.0/16,Austin\n10.31.0.0/16,Nagoya\n';
export const OLDER = accessLog('18/Nov/2026', 3_200, 20261118);
export const NEWER = accessLog('19/Nov/2026', 1_500, 20261119);

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, 'access.log'), NEWER);
  writeFileSync(join(import.meta.dirname, 'access.log.1.gz'), gzipSync(OLDER, { level: 9 }));
  writeFileSync(join(import.meta.dirname, 'networks.csv'), NETWORKS);
}
