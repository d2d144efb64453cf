/**
 * Containers a second, in the manner of YARN's Scheduler Load Simulator: our ResourceManager's core beside Hadoop YARN's own CapacityScheduler and FairScheduler,
 * the same nodes, queues, users and requests on both sides, in processes of their own without sockets. With queues in two levels, user limits, priorities,
 * preferred hosts and signed container tokens on both sides. Steady: the cluster is 90 % full, what ends is asked for again. Trace: SLS's or Rumen's JSON
 * replayed in virtual time, every node speaking once a virtual second.
 * For each container both sides take the application's request (a release, asks), place it, move it through its states, sign its token, and tell its end to
 * its application and its node. Ours does more, for which YARN has classes that its side does not run (ApplicationMasterService, RMNodeImpl): it checks every
 * request, numbers what it tells drivers and nodes until they acknowledge it, hears the node of each release, and remembers an attempt's last containers.
 * A decision is what others wait for: on YARN's side one node's update, on ours one event, or as many placements as the event loop makes at once.
 *   --size nodes=10000 --size allocations=200000      one size instead of 1,000, 5,000 and 10,000
 *   EMBERLOOM_TRACE=sls.json (or a Rumen trace)       another trace than the made-up one
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from './lib/alternate.ts';
import { bench, type Figure } from './lib/bench.ts';
import { runCommand } from './lib/command.ts';
import { BENCH, WORK } from './lib/paths.ts';
import { yarnScheduler } from './lib/peer-yarn-scheduler.ts';
import { type Load, rumenLoad, slsLoad, syntheticLoad, syntheticSls } from './lib/scheduler-load.ts';

type Said = {
  filled?: number;
  fillSeconds?: number;
  allocations: number;
  seconds: number;
  cpuSeconds: number;
  decisionP50Us: number;
  decisionP99Us: number;
  rssMb: number;
};
const UTILISATION = 0.9;

await bench('scheduler', 3, async ({ options }) => {
  mkdirSync(WORK, { recursive: true });
  const figures: Figure[] = [];
  const measure = async (name: string, load: Load, args: readonly (string | number)[]) => {
    const file = join(WORK, 'scheduler-load.json');
    writeFileSync(file, JSON.stringify(load));
    const ours = () =>
      runCommand({
        argv: [process.execPath, join(BENCH, 'programs/scheduler.ts'), file, 'capacity', ...args.map(String)],
        timeoutMs: options.timeoutMs,
      });
    const yarn = (kind: string) => () => yarnScheduler([file, kind, ...args], options.timeoutMs);
    const outputs = await alternate(options.rounds, [
      ...(options.peer
        ? [
            { name: 'capacity', run: yarn('capacity') },
            { name: 'fair', run: yarn('fair') },
          ]
        : []),
      ...(options.ours ? [{ name: 'emberloom', run: ours }] : []),
    ]);
    const said = (side: string) => (outputs.get(side) ?? []).map(({ stdout }) => JSON.parse(stdout.trim().split('\n').at(-1)!) as Said);
    const mine = said('emberloom');
    for (const side of ['capacity', 'fair']) {
      const peer = said(side);
      const peerName = side === 'capacity' ? 'CapacityScheduler' : 'FairScheduler';
      const rate = ({ allocations, seconds }: Said) => allocations / seconds;
      figures.push({
        name: `${name}: ${peerName}, containers a second`,
        unit: 'containers/s',
        peer: peer.map(rate),
        ours: mine.map(rate),
        ...(side === 'capacity' && { aim: { text: '20 times', holds: (_, ratio) => ratio !== undefined && ratio >= 20 } }),
      });
      const filling = ({ filled = 0, fillSeconds = 0 }: Said) => filled / fillSeconds;
      if (args[0] === 'steady')
        figures.push({
          name: `${name}: ${peerName}, the empty cluster is filled`,
          unit: 'containers/s',
          peer: peer.map(filling),
          ours: mine.map(filling),
        });
      if (side !== 'capacity') continue;
      figures.push(
        {
          name: `${name}: one decision, median`,
          unit: 'us',
          peer: peer.map((s) => s.decisionP50Us),
          ours: mine.map((s) => s.decisionP50Us),
        },
        {
          name: `${name}: one decision, 99 %`,
          unit: 'us',
          peer: peer.map((s) => s.decisionP99Us),
          ours: mine.map((s) => s.decisionP99Us),
          aim: { text: 'below 1 ms', holds: (us) => us < 1000 },
        },
        {
          name: `${name}: most memory of the process`,
          unit: 'MB',
          peer: peer.map((s) => s.rssMb),
          ours: mine.map((s) => s.rssMb),
          aim: { text: 'below 1 GB', holds: (mb) => mb < 1024 },
        },
      );
    }
  };
  const given = options.size('nodes', 0);
  for (const nodes of given > 0 ? [given] : [1_000, 5_000, 10_000])
    await measure(`${nodes} nodes, ${UTILISATION * 100} % full`, syntheticLoad(nodes), [
      'steady',
      UTILISATION,
      options.size('allocations', 200_000),
    ]);
  await measure('a trace of 200 jobs on 1,000 nodes', traceOf(process.env.EMBERLOOM_TRACE, 1_000), ['replay']);
  return figures;
});

/** A file of Rumen's has jobs with a jobID, one of SLS's has `am.type`. */
function traceOf(file: string | undefined, nodes: number): Load {
  const text = file === undefined ? syntheticSls(200) : readFileSync(file, 'utf8');
  return /"jobID"/.test(text.slice(0, 4096)) ? rumenLoad(text, nodes) : slsLoad(text, nodes);
}
