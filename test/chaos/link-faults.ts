// The faults of links between processes of a cluster, as if its hosts' network flapped: for each link one fault, whose manner is drawn. What a link
// is made of is network.ts and wire.ts; the other faults are faults.ts.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Scene } from './faults.ts';
import { type Link, LINKS } from './network.ts';
import type { Who, Wire } from './wire.ts';

type Manner = { readonly name: string; readonly strike: (wire: Wire, choice: number, who: Who) => Promise<string> };

/** Longer than spark.network.timeout and the expiry intervals of rounds (round.ts, cluster.ts). */
const LONG_MS = { least: 9_000, spread: 4_000 };

const MANNERS: readonly Manner[] = [
  {
    name: 'flaps',
    strike: async (wire, choice, who) => {
      const forMs = 50 + (choice % 300);
      for (let i = 0; i < 4; i++) {
        wire.cut(who);
        await pause(forMs);
        wire.mend();
        await pause(150);
      }
      return `4 times, ${forMs} ms each`;
    },
  },
  {
    name: 'stands still',
    strike: async (wire, choice, who) => {
      const forMs = 100 + (choice % 2_000);
      wire.hold(who);
      await pause(forMs);
      return `${forMs} ms`;
    },
  },
  {
    name: 'is slow',
    strike: async (wire, choice) => {
      const byMs = 5 + (choice % 40);
      wire.delay(byMs);
      await pause(3_000);
      return `by ${byMs} ms each way, 3 s`;
    },
  },
  {
    name: 'ends at one end only',
    strike: async (wire, choice, who) => {
      const end = choice % 2 === 0 ? 'near' : 'far';
      wire.cutOneEnd(end, who);
      await pause(choice % 10_000);
      return `the ${end} one, the other after ${choice % 10_000} ms`;
    },
  },
  {
    name: 'is away for long',
    strike: async (wire, choice, who) => {
      const forMs = LONG_MS.least + (choice % LONG_MS.spread);
      if (choice % 3 === 0) wire.cut(who);
      else wire.hold(who);
      await pause(forMs);
      return `${choice % 3 === 0 ? 'cut' : 'held'} for ${forMs} ms`;
    },
  },
];

/** Every second executor's connections, or all. */
function whose(choice: number): { who: Who; words: string } {
  if (choice % 4 >= 2) return { who: () => true, words: 'all' };
  const who: Who = (id) => {
    const number = /(?:executor:|slot:|\/)(\d+)/.exec(id ?? '')?.[1];
    return number === undefined || Number(number) % 2 === choice % 2;
  };
  return { who, words: `executors of ${choice % 2 === 0 ? 'even' : 'odd'} numbers` };
}

const breaking = (link: Link): Fault => ({
  in: ['client', 'cluster'],
  strike: async ({ cluster, choice }: Scene) => {
    const wire = cluster.network.wire(link);
    const manner = MANNERS[choice % MANNERS.length]!;
    const rest = Math.floor(choice / MANNERS.length);
    const { who, words } = whose(Math.floor(rest / LONG_MS.spread));
    const { connections, asked } = wire;
    const what = await manner.strike(wire, rest, who);
    wire.mend();
    if (connections === 0 && wire.asked === asked) return undefined;
    return `it ${manner.name} (${what}), ${words}; ${connections} connections, ${wire.asked - asked} more were asked for`;
  },
});

export const LINK_FAULTS: Readonly<Record<string, Fault>> = Object.fromEntries(LINKS.map((link) => [`link-${link}`, breaking(link)]));
