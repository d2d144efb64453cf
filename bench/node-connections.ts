/**
 * No peer: one ResourceManager with 1,000 real connections of NodeManagers that start nothing, each heard of every second. Processor time of the ResourceManager,
 * its memory, and the longest wait for the answer to a heartbeat. Sizes: `nodes` (1,000), `seconds` (30).
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bench } from './lib/bench.ts';
import { runCommand } from './lib/command.ts';
import { BENCH, ROOT } from './lib/paths.ts';
import { processorSeconds } from './lib/processor-time.ts';
import { memoryOf } from './lib/resident-memory.ts';

await bench('node-connections', 3, async ({ options, atEnd }) => {
  const data = mkdtempSync(join(tmpdir(), 'emberloom-nodes-'));
  atEnd(async () => rmSync(data, { recursive: true, force: true }));
  const env = { EMBERLOOM_DATA: data };
  const script = (name: string) => runCommand({ argv: [join(ROOT, 'bin', name)], env, timeoutMs: options.timeoutMs });
  atEnd(async () => void (await script('stop-all.sh')));
  await script('start-resourcemanager.sh');
  const [pidFile = ''] = globSync(join(data, 'pids/*-resourcemanager.pid'));
  const pid = Number(readFileSync(pidFile, 'utf8').trim());
  const [nodes, seconds] = [options.size('nodes', 1000), options.size('seconds', 30)];
  const [shares, memories, longest]: number[][] = [[], [], []];
  for (let round = 0; round < options.rounds; round++) {
    const program = join(BENCH, 'programs/light-nodes.ts');
    const secret = join(data, 'secret');
    if (!existsSync(secret)) throw new Error(`${secret} is not there`);
    const child = spawn(process.execPath, [program, `unix:${join(data, 'run/rm.sock')}`, secret, String(nodes), String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    atEnd(async () => void child.kill());
    let [from, cpu] = [0, 0];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'READY') [from, cpu] = [performance.now(), processorSeconds([pid])];
      const ends = /^BEATS (\d+) LONGEST ([\d.]+)$/.exec(line);
      if (ends === null) continue;
      if (Number(ends[1]) < nodes * seconds * 0.9) throw new Error(`only ${ends[1]} heartbeats in ${seconds} s`);
      shares!.push((100 * (processorSeconds([pid]) - cpu)) / ((performance.now() - from) / 1000));
      longest!.push(Number(ends[2]));
      memories!.push(memoryOf([pid]).residentMb);
    }
  }
  return [
    {
      name: `${nodes} nodes: processor time of the ResourceManager, of one core`,
      unit: '%',
      peer: [],
      ours: shares!,
      aim: { text: 'below 20 %', holds: (share) => share < 20 },
    },
    { name: 'longest wait for the answer to a heartbeat', unit: 'ms', peer: [], ours: longest! },
    { name: 'resident memory of the ResourceManager', unit: 'MB', peer: [], ours: memories! },
  ];
});
