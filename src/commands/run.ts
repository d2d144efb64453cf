import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { packageHome } from '../cli/package-home.ts';
import { RESTART_POLICIES } from '../cli/run/replicas.ts';
import { type RunResult, runCommand } from '../cli/run/run-command.ts';
import { resolveList } from '../cli/submit/resolve-files.ts';
import { userOf } from '../cli/submit/prepare.ts';
import { AppError } from '../common/errors.ts';
import { parseBytes } from '../common/key.ts';
import { findCluster } from '../platform/find-cluster.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';

const MB = 1024 * 1024;

export default class Run extends BaseCommand {
  static override summary = 'Run any command in containers of the cluster: it shares queues and limits with all other applications.';
  static override description =
    `The command begins after \`--\`. What its instances write is shown line by line, each behind its instance's number. The exit code is that of the first
instance that failed. Ctrl-C ends all of them. Each instance finds its number in EMBERLOOM_RUN_INDEX, how many there are in EMBERLOOM_RUN_NUM, and --files in its working folder.`;
  static override examples = [
    '<%= config.bin %> run -- hostname',
    '<%= config.bin %> run --num 3 --memory 1g --vcores 1 --queue etl --files work.sh -- ./work.sh --part 1',
    '<%= config.bin %> run --detach --restart-policy on-failure --name watcher --files watch.py -- python3 watch.py',
  ];
  static override strict = false;
  static override args = { command: Args.string({ description: 'The command and its arguments, after `--`.' }) };
  static override flags = {
    num: Flags.integer({ summary: 'How many instances, each in a container of its own.', default: 1, min: 1, max: 10_000 }),
    memory: Flags.string({ summary: 'Memory of each: 512m, 2g; a bare number counts in MB.', default: '1g' }),
    vcores: Flags.integer({ summary: 'Vcores of each.', default: 1, min: 1 }),
    queue: Flags.string({ summary: 'Queue: its name or path.', default: 'default' }),
    priority: Flags.integer({ summary: 'Of the application in its queue; larger goes first.', default: 0, min: 0 }),
    'node-label': Flags.string({ summary: 'Only on nodes with this label.', helpValue: 'LABEL' }),
    'restart-policy': Flags.option({ options: RESTART_POLICIES, default: 'never' as const })({
      summary: 'Which instances that have ended are started again. The first time at once, then after 1 s, 2 s, … 30 s.',
    }),
    'max-restarts': Flags.integer({ summary: 'Of each instance; without it, no limit.', min: 0 }),
    files: Flags.string({ summary: 'Files for the working folder, comma-separated; path#name gives another name.', multiple: true }),
    env: Flags.string({
      summary: 'An environment variable; NAME alone takes its value from here.',
      multiple: true,
      helpValue: 'NAME=VALUE',
    }),
    name: Flags.string({ summary: 'Name of the application. Default: the command.' }),
    tag: Flags.string({ summary: 'A tag of the application, to find and end it by.', multiple: true }),
    detach: Flags.boolean({ char: 'd', summary: 'Come back at once; a container of 256 MB looks after the instances.' }),
    'no-prefix': Flags.boolean({ summary: "Lines without their instance's number." }),
  };

  async run(): Promise<RunResult> {
    const { argv, flags } = await this.parse(Run);
    const command = argv as string[];
    if (command.length === 0) throw new AppError('RUN_USAGE', { reason: 'there is no command: it goes after `--`' });
    const user = userOf(process.env);
    const confDir = process.env['EMBERLOOM_CONF_DIR'] || process.env['SPARK_CONF_DIR'] || `${packageHome}/conf`;
    const result = await runCommand(
      {
        spec: {
          argv: command,
          num: flags.num,
          memoryMb: memoryMb(flags.memory),
          vcores: flags.vcores,
          priority: flags.priority,
          restartPolicy: flags['restart-policy'],
          maxRestarts: flags['max-restarts'] ?? -1,
          env: Object.fromEntries((flags.env ?? []).map(environmentEntry)),
          prefix: !flags['no-prefix'],
        },
        name: flags.name ?? command.join(' ').slice(0, 100),
        queue: flags.queue,
        tags: flags.tag ?? [],
        nodeLabel: flags['node-label'],
        files: resolveList((flags.files ?? []).join(','), resolve('.'), '--files'),
        detach: flags.detach,
      },
      {
        user,
        cluster: await findCluster(confDir, process.env, flags.rm),
        log: new Log4jLogger(process.stderr, 'Run'),
        // With --json stdout is the answer's alone.
        stdout: (text) => void (this.jsonEnabled() ? process.stderr : process.stdout).write(text),
        stderr: (text) => void process.stderr.write(text),
      },
    );
    if (flags.detach) this.log(result.applicationId);
    else if (result.exitCode !== 0) process.stderr.write(`emberloom run: ${result.diagnostics}\n`);
    process.exitCode = result.exitCode;
    return result;
  }
}

function memoryMb(said: string): number {
  const bytes = parseBytes(said, 'm');
  if (bytes === undefined || bytes < MB) throw new AppError('RUN_USAGE', { reason: `--memory ${said} is no size such as 512m or 2g` });
  return Math.ceil(bytes / MB);
}

function environmentEntry(said: string): [string, string] {
  const at = said.indexOf('=');
  const name = at < 0 ? said : said.slice(0, at);
  const value = at < 0 ? process.env[name] : said.slice(at + 1);
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new AppError('RUN_USAGE', { reason: `--env ${said} is not NAME=VALUE` });
  if (value === undefined) throw new AppError('RUN_USAGE', { reason: `--env ${name}: there is no such variable here` });
  return [name, value];
}
