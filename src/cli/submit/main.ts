// spark-submit: reads the command line, files and environment, and hands the program over: to the driver in this process (client
// mode) or to the ResourceManager (cluster mode). stdout belongs to the program; everything of ours goes to stderr.
import { AppError } from '../../common/errors.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { Log4jLogger } from '../../platform/log4j-logger.ts';
import { exitCodeOfOutput, outliveReaders } from '../lost-output.ts';
import { packageHome, packageVersion } from '../package-home.ts';
import { errorReport, isAppError } from '../render/error-report.ts';
import type { SubmitArguments } from './arguments.ts';
import { settingsWithoutEffect } from './build-conf.ts';
import { addProperties, completeBuiltIns, completeFields, dropForeignProperties } from './defaults.ts';
import { helpText, versionText } from './help.ts';
import { loadRuntime } from './load-runtime.ts';
import { parseArguments } from './parse-arguments.ts';
import { prepareSubmit } from './prepare.ts';
import { forOtherHosts } from './stage-remotely.ts';
import { readPropertiesFiles } from './read-properties.ts';
import { validateSubmit } from './validate.ts';
import { addingDefault, parsedArguments, preparedEnvironment, usingPropertiesFile } from './verbose.ts';

const say = (text: string): void => void process.stderr.write(text);
const env = process.env;

/** @returns the exit code of the process (compat.md §1.4) */
async function sparkSubmit(argv: readonly string[]): Promise<number> {
  if (argv.length === 0) {
    say(helpText());
    return 255;
  }
  let args: SubmitArguments;
  try {
    args = parseArguments(argv);
  } catch (error) {
    say(`${errorReport(error, false)}\n${helpText()}`);
    return 1;
  }
  if (args.action === 'help') say(helpText());
  else if (args.action === 'version') say(versionText(packageVersion(), process.versions.node));
  else return await act(args);
  return 0;
}

async function act(args: SubmitArguments): Promise<number> {
  const confDir = env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || `${packageHome}/conf`;
  complete(args, confDir);
  if (args.action === 'kill' || args.action === 'status') {
    const { killOrStatus } = await import('./kill-status.ts');
    return await killOrStatus(args, { confDir, env });
  }
  validateSubmit(args);
  const prepared = prepareSubmit(args, { cwd: process.cwd(), home: packageHome, env, nowMs: Date.now() });
  const { warnings } = prepared;
  let { config } = prepared;
  const logger = new Log4jLogger(process.stderr, 'SparkSubmit', logSettings(config));
  if (args.verbose)
    say(
      parsedArguments(args, `file:${config.primaryResource}`) +
        preparedEnvironment(config, `emberloom.${config.deployMode === 'client' ? 'runUserProgram' : 'YarnClusterApplication'}`),
    );
  for (const warning of warnings) logger.warn(warning);
  const idle = settingsWithoutEffect(args.properties);
  if (idle.length > 0) logger.warn(`Nothing in Emberloom acts on these settings (the program can read them): ${idle.join(', ')}`);
  if (args.fields.packages !== undefined) {
    const { withPackages } = await import('./npm-packages.ts');
    config = await withPackages(config, { cwd: process.cwd(), env, logger, fromFile: !args.given.has('packages') });
  }
  if (config.deployMode === 'client')
    return await loadRuntime().runUserProgram(await forOtherHosts(config, { confDir, env, logger }), {
      stdout: process.stdout,
      stderr: process.stderr,
      logger,
    });
  const { submitToCluster } = await import('./cluster-submit.ts');
  return await submitToCluster(config, { confDir, env, logger });
}

/** Properties files, environment, built-in defaults; with --verbose it says where settings came from. */
function complete(args: SubmitArguments, confDir: string): void {
  const files = readPropertiesFiles(args, confDir);
  if (args.verbose) say(usingPropertiesFile(files[0]?.file));
  for (const { properties } of files) {
    if (args.verbose) for (const [key, value] of properties) say(addingDefault(key, value));
    addProperties(args, properties);
  }
  for (const key of dropForeignProperties(args)) say(`Warning: Ignoring non-Spark config property: ${key}\n`);
  completeFields(args, env);
  completeBuiltIns(args, env);
}

function logSettings(config: SubmitConfig): {
  level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'OFF';
  json: boolean;
  context: Record<string, string>;
} {
  const of = (key: string) => config.conf.find(([k]) => k === key)?.[1];
  const level = of('spark.log.level')?.toUpperCase() ?? 'INFO';
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'OFF'] as const;
  const known = levels.find((l) => l === level);
  if (known === undefined)
    throw new AppError('CONFIG_BAD_VALUE', { key: 'spark.log.level', value: level, expected: levels.join(', '), where: '--conf' });
  return { level: known, json: of('spark.log.structuredLogging.enabled') === 'true', context: {} };
}

export async function main(argv: readonly string[]): Promise<void> {
  let code: number;
  try {
    code = await sparkSubmit(argv);
  } catch (error) {
    say(errorReport(error, Boolean(env['EMBERLOOM_DEBUG'])));
    // Spark's spark-submit knows no other codes here, whatever went wrong.
    code = isAppError(error) && error.code === 'USER_CLASS_NOT_FOUND' ? error.exitCode : 1;
  }
  process.exit(exitCodeOfOutput(code));
}

if (import.meta.main) {
  outliveReaders();
  void main(process.argv.slice(2));
}
