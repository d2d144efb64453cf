/**
 * What one executor killed with SIGKILL costs a job of 30 s: the job of 60 tasks of 1 s on 2 executors × 1 core, with and without the kill
 * (by a task at one third of it). The figure is the difference of the two. Sizes: `tasks` (60), `ms` a task (1000).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bench } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { WORK } from './lib/paths.ts';
import { timingsOf } from './lib/program-output.ts';
import { twoExecutors } from './lib/small-executors.ts';

await bench('recovery', 3, async (context) => {
  const { options } = context;
  const place = await twoExecutors(context, '1g');
  const folder = mkdtempSync(join(WORK, 'recovery-'));
  context.atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  const [tasks, napMs] = [options.size('tasks', 60), options.size('ms', 1000)];
  let marks = 0;
  const seconds = async (side: 'spark' | 'emberloom', killer: number): Promise<number> => {
    const args = [tasks, napMs, killer, join(folder, `mark-${marks++}`)];
    const env = place.env;
    const { stdout } =
      side === 'spark'
        ? await place.spark!.submit({ flags: place.sparkFlags, program: 'Recovery', arguments: args })
        : await submitOurs(context, { flags: place.oursFlags, program: 'recovery.ts', arguments: args, ...(env && { env }) });
    const [job] = timingsOf(stdout);
    if (job?.check !== String((tasks * (tasks - 1)) / 2)) throw new Error(`${side} answers ${job?.check}`);
    return job.seconds;
  };
  const lost: Record<'spark' | 'emberloom', number[]> = { spark: [], emberloom: [] };
  const sides = [...(place.spark ? (['spark'] as const) : []), ...(options.ours ? (['emberloom'] as const) : [])];
  for (let round = 0; round < options.rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const undisturbed = await seconds(side, -1);
      const disturbed = await seconds(side, Math.floor(tasks / 3));
      console.error(`  round ${round + 1} ${side}: ${undisturbed.toFixed(2)} s, with a killed executor ${disturbed.toFixed(2)} s`);
      lost[side].push(disturbed - undisturbed);
    }
  }
  return [
    {
      name: `lost by one killed executor in a job of ${(tasks * napMs) / 2000} s`,
      unit: 's',
      peer: lost.spark,
      ours: lost.emberloom,
      aim: { text: 'ahead of Scala', holds: (_, ratio) => ratio !== undefined && ratio > 1 },
    },
  ];
});
