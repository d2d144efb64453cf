// yarn: YARN's operator command for our ResourceManager. Finds the command, connects, and turns failures into sentences and exit codes.
// `yarn --daemon …` is in bin/yarn: it starts scripts and needs nothing of this.
import { nearest } from '../../common/suggest.ts';
import { Log4jLogger } from '../../platform/log4j-logger.ts';
import { endWithReader, exitCodeOfOutput } from '../lost-output.ts';
import { packageHome, packageVersion } from '../package-home.ts';
import { errorReport, isAppError } from '../render/error-report.ts';
import { findCluster } from '../../platform/find-cluster.ts';
import { connectRm } from '../rm-client.ts';
import { userOf } from '../submit/prepare.ts';
import { applicationCommand } from './application-command.ts';
import { attemptCommand, containerCommand } from './attempt-command.ts';
import type { YarnCommand } from './command.ts';
import { clusterCommand } from './label-options.ts';
import { logsCommand } from './logs-command.ts';
import { nodeCommand } from './node-command.ts';
import { parseYarnOptions, yarnUsage } from './options.ts';
import { queueCommand } from './queue-command.ts';
import { rmadminCommand } from './rmadmin-command.ts';
import { topCommand } from './top-command.ts';

const COMMANDS: Readonly<Record<string, YarnCommand>> = {
  application: applicationCommand,
  app: applicationCommand,
  applicationattempt: attemptCommand,
  container: containerCommand,
  node: nodeCommand,
  queue: queueCommand,
  logs: logsCommand,
  rmadmin: rmadminCommand,
  top: topCommand,
  cluster: clusterCommand,
};

const USAGE = `Usage: yarn [OPTIONS] SUBCOMMAND [SUBCOMMAND OPTIONS]

    SUBCOMMAND is one of:
application|app       prints application(s) report/kill application
applicationattempt    prints applicationattempt(s) report
cluster               prints cluster information
container             prints container(s) report
logs                  dump container logs
node                  prints node report(s)
queue                 prints queue information
rmadmin               admin tools
top                   view cluster information, live
version               print the version

    OPTIONS is:
--daemon (start|status|stop) (resourcemanager|nodemanager)   operate on a daemon

SUBCOMMAND -help prints the options of a subcommand.
`;

async function yarn([name, ...rest]: readonly string[]): Promise<number> {
  const err = (text: string) => void process.stderr.write(text);
  const out = (text: string | Uint8Array) => void process.stdout.write(text);
  if (name === undefined || name === 'help' || /^--?(?:help|h)$/.test(name)) {
    out(USAGE);
    return name === undefined ? 1 : 0;
  }
  if (name === 'version' || name === '--version') {
    out(`Emberloom ${packageVersion()}\nSpeaks the commands of Hadoop YARN 3.5.0\nThis command was run using ${packageHome}\n`);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    err(`ERROR: ${name} is not COMMAND.${meant === undefined ? '' : ` Did you mean ${meant}?`}\n${USAGE}`);
    return 1;
  }
  return await runCommand(command, rest, out, err);
}

async function runCommand(
  command: YarnCommand,
  argv: readonly string[],
  out: (text: string | Uint8Array) => void,
  err: (text: string) => void,
): Promise<number> {
  let options: ReturnType<typeof parseYarnOptions>;
  try {
    options = parseYarnOptions(argv, command.options);
  } catch (error) {
    err(`${(error as Error).message}\n${yarnUsage(command.usage, command.options)}`);
    return 1;
  }
  if (options.has('help')) {
    out(yarnUsage(command.usage, command.options));
    return 0;
  }
  const env = process.env;
  const user = userOf(env);
  const cluster = await findCluster(env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || `${packageHome}/conf`, env);
  const io = { user, cluster, out, err, log: new Log4jLogger(process.stderr, 'YarnClientImpl') };
  const early = await command.before?.(options, io);
  if (early !== undefined) return early;
  const rm = await connectRm(cluster, user);
  try {
    const code = await command.run(options, { ...io, rm });
    if (code === undefined) err(yarnUsage(command.usage, command.options));
    return code ?? 1;
  } finally {
    rm.close();
  }
}

export async function main(argv: readonly string[]): Promise<void> {
  let code: number;
  try {
    code = await yarn(argv);
  } catch (error) {
    process.stderr.write(errorReport(error, Boolean(process.env['EMBERLOOM_DEBUG'])));
    code = isAppError(error) ? error.exitCode : 1;
  }
  process.exit(exitCodeOfOutput(code));
}

if (import.meta.main) {
  endWithReader();
  void main(process.argv.slice(2));
}
