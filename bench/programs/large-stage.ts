/**
 * Program: one stage of very many tasks; then the driver's memory, and how long its REST API takes for the pages' questions.
 * Counterpart: bench/peer/LargeStage.scala. Arguments: tasks.
 */
import { readFileSync } from 'node:fs';
import { SparkSession } from 'emberloom';
import { timed, value } from './report.ts';

const tasks = Number(process.argv[2] ?? 100_000);
const spark = SparkSession.builder().appName('bench-large-stage').getOrCreate();
const sc = spark.sparkContext;
await timed('job', 0, async () => String(await sc.range(0, tasks, 1, tasks).count()));
await fetch('data:,'); // Node.js loads its HTTP client at the first call: that is not the server's time
const base = `${sc.uiWebUrl}/api/v1/applications/${sc.applicationId}/stages/0/0`;
for (const [name, path] of [
  ['summary', '/taskSummary?quantiles=0,0.25,0.5,0.75,1'],
  ['taskPage', `/taskList?offset=${tasks / 2}&length=100&sortBy=-runtime`],
] as const) {
  for (let run = 0; run < 6; run++) {
    const from = performance.now();
    const answer = await fetch(base + path);
    const text = await answer.text();
    if (answer.status !== 200 || text.length < 100) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`);
    if (run > 0) value(`${name}Ms`, performance.now() - from);
    else value(`${name}FirstMs`, performance.now() - from);
  }
}
value('rssMb', Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024);
await spark.stop();
