/**
 * Proof that an unmodified Spark History Server (PyPI's pyspark, see lib/peer-spark.ts) shows our event logs: every page answers 200, REST says
 * how each job ended, and what tasks cost is there; also a rolled log that our history server compacted. Then our history server on the same folder is asked the same, and its answers are compared
 * with Spark's (lib/rest-comparison.ts). Part of `npm run test:soak`. SPARK_HOME names a Spark that is there already.
 *
 *   node bench/event-log-proof.ts
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon, waitUntil } from './lib/daemon.ts';
import { VENV } from './lib/paths.ts';
import { compareRest } from './lib/rest-comparison.ts';

const PORT = 28_181;
const OUR_PORT = PORT + 1;
const WAIT_MS = 180_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'emberloom-proof-'));
const logs = join(folder, 'logs');

function sparkHome(): string {
  const given = process.env['SPARK_HOME'];
  if (given !== undefined) return given;
  if (!existsSync(join(VENV, 'bin/spark-submit'))) {
    execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
    execFileSync(join(VENV, 'bin/pip'), ['install', '-q', 'pyspark==4.0.1'], { stdio: 'inherit' });
  }
  return globSync(join(VENV, 'lib/python3*/site-packages/pyspark'))[0]!;
}

const PROGRAM = `import { SparkSession } from 'emberloom';
const sc = SparkSession.builder().appName('proof').getOrCreate().sparkContext;
const rows = sc.longAccumulator('rows');
sc.setJobGroup('g', 'counting');
const pairs = sc.range(0, 200000, 1, 8).map((i): [number, number] => { rows.add(1); return [i % 1000, 1]; });
const counts = pairs.reduceByKey((a, b) => a + b, 4).cache();
await counts.count();
await counts.collect();
await sc.parallelize([1, 2], 2).map((x) => { if (x === 2) throw new RangeError('boo'); return x; }).count().catch(() => {});
await sc.parallelize(Array.from({ length: 5000 }, (_, i) => i), 5000).count();
await sc.stop();
`;

/** Its log is rolled several times, and of ended jobs for the most part. */
const LONG_PROGRAM = `import { SparkSession } from 'emberloom';
const sc = SparkSession.builder().appName('long').getOrCreate().sparkContext;
for (let i = 0; i < 6; i++) await sc.parallelize(Array.from({ length: 6000 }, (_, i) => i), 6000).count();
const kept = sc.range(0, 1000, 1, 4).map((i): [number, number] => [i % 10, 1]).reduceByKey((a, b) => a + b, 2).cache();
await kept.count();
await sc.stop();
`;
const ROLLED = ['spark.eventLog.rolling.enabled=true', 'spark.eventLog.rolling.maxFileSize=10m', 'spark.eventLog.compress=false'];

function submit(master: string, program: string, conf: readonly string[] = []): void {
  const flags = ['spark.eventLog.enabled=true', `spark.eventLog.dir=${logs}`, ...conf].flatMap((pair) => ['--conf', pair]);
  execFileSync(join(root, 'bin/spark-submit'), ['--master', master, ...flags, program], { stdio: ['ignore', 'ignore', 'ignore'] });
}

/** Our history server on the folder, with an index of its own. */
function ourServer(name: string, settings: Readonly<Record<string, string | number>>) {
  const conf = join(folder, `${name}.conf`);
  const all = { 'spark.history.ui.port': OUR_PORT, 'spark.history.fs.update.interval': '1s', ...settings };
  writeFileSync(
    conf,
    Object.entries(all)
      .map((pair) => `${pair.join(' ')}\n`)
      .join(''),
  );
  const flags = ['--data', join(folder, name), '--properties-file', conf, logs];
  return startDaemon([process.execPath, join(root, 'src/history/main.ts'), ...flags], {
    env: process.env,
    logPath: join(folder, `${name}.log`),
  });
}

async function compact(): Promise<void> {
  const server = ourServer('compacting', { 'spark.history.fs.eventLog.rolling.maxFilesToRetain': 1 });
  try {
    await waitUntil('the compaction', WAIT_MS, async () => globSync(join(logs, '*/*.compact')).length > 0);
  } finally {
    await server.stop();
  }
}

const faults: string[] = [];
const check = (holds: boolean, what: string): void => {
  if (!holds) faults.push(what);
};

type Job = { jobId: number; status: string; jobGroup: string };
type Stage = { executorRunTime: number; executorCpuTime: number; resultSize: number; shuffleWriteRecords: number; numFailedTasks: number };

async function checkApplication(base: string, id: string): Promise<void> {
  const ok = async (path: string) => {
    const answer = await fetch(base + path);
    check(answer.status === 200, `${id}: ${path} answers ${answer.status}`);
    return await answer.text();
  };
  const rest = async <T>(path: string) => JSON.parse(await ok(`/api/v1/applications/${id}${path}`)) as T;
  const pages = [
    'jobs/',
    'jobs/job/?id=0',
    'jobs/job/?id=2',
    'stages/',
    'stages/stage/?id=0&attempt=0',
    'storage/',
    'environment/',
    'executors/',
  ];
  for (const page of pages) await ok(`/history/${id}/${page}`);
  const jobs = await rest<Job[]>('/jobs');
  check(
    jobs.map(({ jobId, status }) => `${jobId} ${status}`).join() === '3 SUCCEEDED,2 FAILED,1 SUCCEEDED,0 SUCCEEDED',
    `${id}: jobs are ${JSON.stringify(jobs)}`,
  );
  check(
    jobs.every(({ jobGroup }) => jobGroup === 'g'),
    `${id}: a job's group is missing`,
  );
  const [stage] = await rest<Stage[]>('/stages/0');
  check(stage!.executorRunTime > 0 && stage!.executorCpuTime > 0 && stage!.resultSize > 0, `${id}: figures of stage 0 are missing`);
  check(stage!.shuffleWriteRecords === 8000, `${id}: stage 0 wrote ${stage!.shuffleWriteRecords} records, not 8000`);
  const summary = await rest<{ executorRunTime: number[] }>('/stages/0/0/taskSummary?quantiles=0.5,1.0');
  check(summary.executorRunTime.length === 2, `${id}: no quantiles`);
  const executors = await rest<{ activeTasks: number; maxMemory: number }[]>('/allexecutors');
  check(
    executors.every(({ activeTasks }) => activeTasks === 0),
    `${id}: tasks that never ended: ${JSON.stringify(executors)}`,
  );
  check(
    executors.some(({ maxMemory }) => maxMemory > 0),
    `${id}: no executor has memory`,
  );
  await rest('/environment');
  await rest('/storage/rdd');
}

try {
  const home = sparkHome();
  execFileSync('mkdir', ['-p', logs]);
  writeFileSync(join(folder, 'proof.ts'), PROGRAM);
  writeFileSync(join(folder, 'long.ts'), LONG_PROGRAM);
  for (const master of ['local[2]', 'local-cluster[2,1,512]']) submit(master, join(folder, 'proof.ts'));
  submit('local[2]', join(folder, 'long.ts'), ROLLED);
  await compact();
  const env = {
    ...process.env,
    SPARK_HOME: home,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LOG_DIR: folder,
    SPARK_HISTORY_OPTS: `-Dspark.history.fs.logDirectory=file:${logs} -Dspark.history.ui.port=${PORT} -Dspark.history.fs.update.interval=1s`,
  };
  const server = startDaemon([join(home, 'bin/spark-class'), 'org.apache.spark.deploy.history.HistoryServer'], {
    env,
    logPath: join(folder, 'history.log'),
  });
  try {
    const base = `http://127.0.0.1:${PORT}`;
    let applications: { id: string; name: string }[] = [];
    await waitUntil('the History Server', WAIT_MS, async () => {
      applications = (await (await fetch(`${base}/api/v1/applications?status=completed`)).json()) as { id: string; name: string }[];
      return applications.length === 3;
    });
    for (const { id, name } of applications) if (name === 'proof') await checkApplication(base, id);
    const ours = ourServer('ours', {});
    try {
      const mine = `http://127.0.0.1:${OUR_PORT}`;
      await waitUntil('our history server', WAIT_MS, async () => (await fetch(`${mine}/api/v1/applications`)).ok);
      const compared = await compareRest(
        base,
        mine,
        applications.map(({ id }) => id),
      );
      faults.push(...compared.faults);
      console.error(`${compared.asked} requests asked of both servers`);
    } finally {
      await ours.stop();
    }
  } finally {
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.error(faults.length === 0 ? 'Spark History Server 4.0.1 shows all three logs, and ours says the same' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
