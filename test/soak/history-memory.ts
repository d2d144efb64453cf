// The history server opens a log of 1,000,000 tasks (1.2 GB) in bounded memory: the peak of its process stays below 300 MB, while the log is
// read and while its pages are asked for. Takes some minutes; not part of `npm test`:
//
//   node scripts/build.ts && node test/soak/history-memory.ts [tasks]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { writeEventLog } from '../helpers/write-event-log.ts';

const LIMIT_MB = 300;
const tasks = Number(process.argv[2] ?? 1_000_000);
const root = mkdtempSync(join(tmpdir(), 'el-soak-'));
const logs = join(root, 'logs');
mkdirSync(logs);
mkdirSync(join(root, 'conf'));
writeFileSync(join(root, 'conf/spark-defaults.conf'), 'spark.history.ui.port 0\n');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const textBytes = writeEventLog(join(logs, 'app-1'), { tasksPerStage: tasks, stages: 1 });
say(`a log of ${tasks} tasks, ${Math.round(textBytes / 1e6)} MB`);

const bundle = join(import.meta.dirname, '../../dist/history.cjs');
// As bin/start-history-server.sh starts it.
const argv = ['--max-semi-space-size=4', bundle, '--data', join(root, 'data'), '--conf', join(root, 'conf/emberloom.yaml'), logs];
const server = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
const peakMb = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1024;
try {
  const url = await new Promise<string>((resolve, reject) => {
    (server.stdio[3] as Readable).once('data', (chunk: Buffer) => resolve(/READY (\S+)/.exec(String(chunk))![1]!));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const begun = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/api/v1/applications/app-1/jobs`);
    if (answer.ok) break;
    say(`${Math.round((performance.now() - begun) / 1000)} s, peak ${Math.round(peakMb())} MB: ${(await answer.text()).trim()}`);
    if (answer.status !== 503) throw new Error(`status ${answer.status}`);
    await pause(1_000);
  }
  say(`read in ${Math.round((performance.now() - begun) / 1000)} s, peak ${Math.round(peakMb())} MB`);
  const stage = '/api/v1/applications/app-1/stages/0/0';
  const asked = [
    stage,
    `${stage}/taskSummary`,
    `${stage}/taskSummary?quantiles=0.1234`,
    `${stage}/taskList?length=100&sortBy=-runtime`,
    '/history/app-1/ui/api/stages/0/0/tasks?sortBy=gcTime&descending=true&length=100',
    '/history/app-1/ui/api/stages/0/0/tasks?search=host3',
    '/history/app-1/ui/api/stages/0/0/timeline',
    '/api/v1/applications/app-1/stages?details=true',
  ];
  const refused: string[] = [];
  for (const path of asked) {
    const at = performance.now();
    const answer = await fetch(url + path);
    let bytes = 0; // a million tasks are more text than a string holds
    for await (const chunk of answer.body!) bytes += chunk.byteLength;
    say(
      `${answer.status}  ${(performance.now() - at).toFixed(0).padStart(6)} ms  ${String(bytes).padStart(9)} bytes  peak ${Math.round(peakMb())} MB  ${path}`,
    );
    if (!answer.ok) refused.push(path);
  }
  if (refused.length > 0) throw new Error(`refused: ${refused.join(', ')}`);
  if (peakMb() >= LIMIT_MB) throw new Error(`the peak is ${Math.round(peakMb())} MB, the limit ${LIMIT_MB} MB`);
  say('ok');
} finally {
  server.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
}
