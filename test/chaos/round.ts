// One round of the chaos runner: the program runs, faults strike at their times, then everything is compared: exit code, answer, time,
// what is left behind. Returns what went wrong in words; which rounds there are is schedule.ts.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { indexLog } from '../../src/history/service/indexer.ts';
import { scanLogFolder } from '../../src/history/service/log-folder.ts';
import { removeIndex } from '../../src/history/store/index-file.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { type Cluster, type Ended, HOME } from './cluster.ts';
import { FAULTS, leftOvers } from './faults.ts';
import { listenersBelow } from './processes.ts';
import type { Program } from './programs.ts';
import type { Round } from './schedule.ts';

export type Outcome = { readonly faults: readonly string[]; readonly hits: readonly string[]; readonly ended: Ended };

export const NOTHING = 'nothing to hit';
const LIMIT_MS = 150_000;
const SETTLE_MS = 30_000;
/** So that faults which are only seen by silence end within a round. */
const CONF = ['spark.network.timeout=8s', 'spark.executor.heartbeatInterval=1s', 'spark.yarn.maxAppAttempts=4', 'spark.task.maxFailures=8'];

/** @param events folder for event logs; undefined: none */
export function submitArguments(
  program: Program,
  { mode, service }: { readonly mode: Round['mode'] | 'local'; readonly service: boolean },
  folder: string,
  events?: string,
): string[] {
  const master = { client: 'yarn', cluster: 'yarn', 'local-cluster': 'local-cluster[2,2,1024]', local: 'local[2]' }[mode];
  const logged = events === undefined ? [] : ['spark.eventLog.enabled=true', `spark.eventLog.dir=file:${events}`];
  const conf = mode === 'local' ? [] : [...CONF, ...logged, `spark.shuffle.service.enabled=${service}`].flatMap((pair) => ['--conf', pair]);
  const size = mode === 'client' || mode === 'cluster' ? ['--deploy-mode', mode, '--num-executors', '3'] : [];
  if (mode !== 'local') size.push('--executor-memory', '512m', '--executor-cores', '2');
  return [
    join(HOME, 'bin/spark-submit'),
    '--master',
    master,
    ...size,
    ...conf,
    program.file,
    ...program.arguments,
    ...(program.wantsFolder ? [folder] : []),
  ];
}

export async function runRound(cluster: Cluster, round: Round, program: Program, answer: string): Promise<Outcome> {
  const folder = join(cluster.folder, `tmp/round-${round.number}`);
  const events = join(folder, 'events');
  mkdirSync(events, { recursive: true });
  const hits: string[] = [];
  const faults: string[] = [];
  let over = false;
  let strikes: Promise<unknown> = Promise.resolve();
  const ended = await cluster.run(submitArguments(program, round, folder, events), LIMIT_MS, 'conf', (submitPid) => {
    strikes = Promise.all(
      round.strikes.map(async ({ fault, afterMs, choice }) => {
        await pause(afterMs);
        if (over) return;
        const hit = await FAULTS[fault]!.strike({ cluster, mode: round.mode, choice, submitPid });
        hits.push(`${fault}: ${hit ?? NOTHING}`);
      }),
    );
  });
  over = true;
  await strikes;
  await cluster.heal();
  const said = await answerOf(cluster, round.mode, ended);
  const text = `${ended.stderr}\n${said}`;
  const excused = round.strikes.some(({ fault }) => FAULTS[fault]!.mayFail?.({ code: ended.code, text }));
  if (ended.code === -1) faults.push(`it was not over after ${LIMIT_MS} ms`);
  else if (ended.code !== 0 && !excused) faults.push(`exit code ${ended.code}`);
  else if (ended.code === 0 && !said.includes(answer)) faults.push(`another answer: ${JSON.stringify(said.slice(0, 2_000))}`);
  faults.push(...(await faultsOfLogs(events, ended.code === 0)));
  faults.push(...(await whatStays(cluster)));
  return { faults, hits, ended };
}

/** In cluster mode the answer is in the log of the driver's last attempt. */
async function answerOf(cluster: Cluster, mode: Round['mode'], { stdout, stderr }: Ended): Promise<string> {
  if (mode !== 'cluster') return stdout;
  const id = /application_\d+_\d+/.exec(stderr)?.[0];
  if (id === undefined) return '';
  await cluster.allNodesRegistered(); // a ResourceManager that was killed in the last instant knows of no node that has the logs
  return (await cluster.run([join(HOME, 'bin/yarn'), 'logs', '-applicationId', id, '-log_files', 'stdout'], 30_000)).stdout;
}

/** Whatever was killed: the history server reads the event logs of all attempts, and the last one of a job that succeeded says so. */
async function faultsOfLogs(events: string, succeeded: boolean): Promise<string[]> {
  const faults: string[] = [];
  let ends = 0;
  for (const log of scanLogFolder(events)) {
    const { progress, summary } = await indexLog({ folder: events, log, path: join(events, '.index.sqlite') }, openDatabase, () => {});
    removeIndex(join(events, '.index.sqlite'));
    if (progress.badLines > 0) faults.push(`the event log ${log.key}: ${progress.fault}`);
    if (summary?.endedAtMs !== undefined) ends++;
  }
  return succeeded && ends === 0 ? [...faults, 'no event log says that the application ended'] : faults;
}

/** Orphan processes, sockets that nobody closed, folders of applications. Bounded: what is to go must go within SETTLE_MS. */
async function whatStays(cluster: Cluster): Promise<string[]> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const processes = leftOvers(cluster.folder).map((p) => `${p.kind} ${p.pid} stays: ${p.arguments.slice(0, 160)}`);
    const sockets = listenersBelow(cluster.folder)
      .filter((path) => !/\/(rm|nm-[^/]*|n\d[^/]*)\.sock\+?$/.test(path) && !/prestart/.test(path))
      .map((path) => `a socket stays: ${path}`);
    const folders = appFolders(join(cluster.folder, 'data/local')).map((path) => `a folder stays: ${path}`);
    const all = [...processes, ...sockets, ...folders];
    if (all.length === 0 || performance.now() > until) return all;
    await pause(100);
  }
}

function appFolders(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /appcache\/application_[^/]+$/.test(path))
      .filter((path) => readdirSync(join(root, path), { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()));
  } catch {
    return [];
  }
}
