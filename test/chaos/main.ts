// npm run chaos -- --minutes 30 --seed N [--rounds N] [--first N] [--nodes N] [--faults a,b] [--keep]
//
// A cluster, the programs of programs.ts over and over, faults from a seed (schedule.ts, faults.ts): every round must give the answer of an
// undisturbed run in bounded time and leave nothing behind. The first round that does not prints seed, round, schedule and hits, keeps
// logs, and ends the run with exit code 1. docs/TESTING.md says how to read it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cluster } from './cluster.ts';
import { FAULTS } from './faults.ts';
import { PROGRAMS } from './programs.ts';
import { NOTHING, runRound, submitArguments } from './round.ts';
import { describeRound, type Mode, planRound } from './schedule.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    first: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '3' },
    faults: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = values.faults?.split(',') ?? Object.keys(FAULTS);
for (const name of wanted) {
  if (FAULTS[name] === undefined) {
    process.stderr.write(`There is no fault ${name}. Faults: ${Object.keys(FAULTS).join(', ')}\n`);
    process.exit(2);
  }
}
const faultsOf = (mode: Mode) => Object.keys(FAULTS).filter((name) => wanted.includes(name) && FAULTS[name]!.in.includes(mode));

const seed = Number(values.seed);
const until = performance.now() + Number(values.minutes) * 60_000;
const cluster = await Cluster.start(Number(values.nodes));
let failed = false;
let rounds = 0;
let struck = 0;
const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());
try {
  const answers: string[] = [];
  for (const program of PROGRAMS) {
    const { code, stdout, stderr } = await cluster.run(
      submitArguments({ ...program, wantsFolder: false }, { mode: 'local', service: false }, ''),
      120_000,
    );
    if (code !== 0) throw new Error(`${program.name} fails without any fault: ${stderr}`);
    answers.push(stdout);
  }
  const last = Number(values.first) + Number(values.rounds ?? Number.POSITIVE_INFINITY);
  for (let number = Number(values.first); number < last && performance.now() < until && !failed && !ending.signal.aborted; number++) {
    const round = planRound(seed, number, PROGRAMS.length, faultsOf);
    const program = PROGRAMS[round.program]!;
    const described = describeRound(round, program.name);
    const { faults, hits, ended } = await runRound(cluster, round, program, answers[round.program]!);
    rounds++;
    if (hits.some((hit) => !hit.endsWith(NOTHING))) struck++;
    say(`${described} -> exit ${ended.code}, ${Math.round(ended.elapsedMs)} ms${faults.length === 0 ? '' : ' FAILED'}`);
    if (faults.length === 0) continue;
    failed = true;
    const kept = join(cluster.folder, 'failure');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'stdout'), ended.stdout);
    writeFileSync(join(kept, 'stderr'), ended.stderr);
    say(`\nseed ${seed}, ${described}`);
    for (const line of [...hits.map((h) => `  hit    ${h}`), ...faults.map((f) => `  wrong  ${f}`)]) say(line);
    say(`  again  npm run chaos -- --seed ${seed} --first ${number} --rounds 1`);
    say(`  kept   ${cluster.folder} (failure/stdout, failure/stderr, data/logs, data/userlogs)`);
    say(`--- the end of its stderr\n${ended.stderr.split('\n').slice(-25).join('\n')}`);
  }
  if (!failed) say(`chaos: ${rounds} rounds from seed ${seed}, all with their answer; ${struck} were hit`);
} finally {
  await cluster.end(failed || values.keep);
}
process.exitCode = failed ? 1 : 0;
