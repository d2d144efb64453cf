// Cluster mode: stages the program, hands it to the ResourceManager with what its driver's container needs, and follows it.
// The lines are those of Spark's yarn Client. Source: org.apache.spark.deploy.yarn.Client.
import { rmSync } from 'node:fs';
import type { ApplicationId } from '../../common/ids.ts';
import { parseValue } from '../../common/key.ts';
import { SIGNALS } from '../../common/signals.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { applicationAcls } from '../../common/spark-keys-acls.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import type { Log4jLogger } from '../../platform/log4j-logger.ts';
import { systemTimers } from '../../platform/system-clock.ts';
import { applicationSubmit } from '../../rpc/messages/client.ts';
import { callPatiently, isLost, RM_PATIENCE_MS } from '../../rpc/call-patiently.ts';
import type { Peer } from '../../rpc/peer.ts';
import { followApplication } from '../follow-application.ts';
import { isFinalState, outcome, reasonLine } from '../render/application-report.ts';
import { type Cluster, type Environment, findCluster } from '../../platform/find-cluster.ts';
import { connectForNew, connectRm } from '../rm-client.ts';
import { amLaunchContext, amSize, checkSizes } from './am-launch.ts';
import { severalHosts, stageRemotely } from './stage-remotely.ts';
import { stageProgram } from './stage-program.ts';

type Around = { readonly confDir: string; readonly env: Environment; readonly logger: Log4jLogger };

/** @returns the exit code. @throws AppError RM_UNREACHABLE, QUEUE_UNKNOWN, RESOURCE_TOO_LARGE, SUBMIT_REFUSED, FILE_MISSING, SUBMIT_USAGE */
export async function submitToCluster(config: SubmitConfig, { confDir, env, logger }: Around): Promise<number> {
  const conf = new Map(config.conf);
  const cluster = await findCluster(confDir, env, conf.get('spark.hadoop.yarn.resourcemanager.address'));
  const log = logger.named('Client');
  const { rm, applicationId, maximumAllocation } = await connectForNew(cluster, config.user);
  log.info(
    `Verifying our application has not requested more than the maximum memory capability of the cluster (${maximumAllocation.memoryMb} MB per container)`,
  );
  const am = amSize(conf);
  checkSizes(conf, am, maximumAllocation);
  log.info(`Will allocate AM container, with ${am.container.memoryMb} MB memory including ${am.overheadMb} MB overhead`);
  log.info('Setting up container launch context for our AM');
  log.info('Preparing resources for our AM container');
  const stagingDir = `${cluster.dataDir}/staging/${applicationId}`;
  const removeStaging = () => {
    rmSync(stagingDir, { recursive: true, force: true });
    log.info(`Deleted staging directory file:${stagingDir}`);
  };
  // YARN's client leaves a submitted application to the cluster. What was only staged belongs to nobody, and goes with us.
  let handedOver = false;
  let connection = rm;
  onSignal((signal) => {
    if (!handedOver) return rmSync(stagingDir, { recursive: true, force: true });
    process.stderr.write(`${signal}: ${applicationId} goes on in the cluster; end it with: yarn application -kill ${applicationId}\n`);
  });
  try {
    const say = (line: string) => log.info(line);
    const staged = severalHosts(cluster)
      ? await stageRemotely(config, { stagingDir, applicationId, rm, reconnect: () => connectRm(cluster, config.user), say })
      : await stageProgram(config, stagingDir, say);
    log.info(`Submitting application ${applicationId} to ResourceManager`);
    handedOver = true; // from here on the ResourceManager may have it, whether or not we hear so
    const request = {
      applicationId,
      name: config.name,
      type: 'SPARK',
      user: config.user,
      queue: conf.get(SPARK_KEYS.queue.name) ?? 'default',
      tags: parseValue(SPARK_KEYS.tags, conf.get(SPARK_KEYS.tags.name) ?? '', '--conf') as string[],
      priority: parseValue(SPARK_KEYS.priority, conf.get(SPARK_KEYS.priority.name) ?? '0', '--conf'),
      unmanaged: false,
      maxAttempts: parseValue(SPARK_KEYS.yarnMaxAppAttempts, conf.get(SPARK_KEYS.yarnMaxAppAttempts.name) ?? '0', '--conf'),
      ...failuresValidity(conf),
      ...timeLimits(conf),
      ...applicationAcls((key) => parseValue(key, conf.get(key.name) ?? '', '--conf')),
      amResource: am.container,
      am: amLaunchContext(staged, conf, am),
    };
    const patience = { connect: () => connectRm(cluster, config.user), timers: systemTimers, log, patienceMs: RM_PATIENCE_MS };
    connection = (await callPatiently(rm, applicationSubmit, request, patience)).peer;
  } catch (error) {
    // Whoever may have it needs what was staged for it; the ResourceManager removes it at the application's end.
    if (handedOver && isLost(error)) log.warn(`${applicationId} may have been taken: file:${stagingDir} stays for it`);
    else removeStaging();
    throw error;
  }
  logger.settings.context['app_id'] = applicationId;
  log.named('YarnClientImpl').info(`Submitted application ${applicationId}`);
  return await follow(connection, applicationId, conf, { cluster, user: config.user, log, removeStaging });
}

/** @throws AppError CONFIG_BAD_VALUE */
function failuresValidity(conf: ReadonlyMap<string, string>): { failuresValidityMs?: number } {
  const said = conf.get(SPARK_KEYS.attemptFailuresValidityMs.name);
  return said === undefined ? {} : { failuresValidityMs: parseValue(SPARK_KEYS.attemptFailuresValidityMs, said, '--conf') };
}

/** @throws AppError CONFIG_BAD_VALUE */
function timeLimits(conf: ReadonlyMap<string, string>): { timeouts?: { LIFETIME: number }; maxQueueWaitMs?: number } {
  const lifetime = conf.get(SPARK_KEYS.lifetimeMs.name);
  const wait = conf.get(SPARK_KEYS.maxQueueWaitMs.name);
  return {
    ...(lifetime === undefined ? {} : { timeouts: { LIFETIME: Math.ceil(parseValue(SPARK_KEYS.lifetimeMs, lifetime, '--conf') / 1000) } }),
    ...(wait === undefined ? {} : { maxQueueWaitMs: parseValue(SPARK_KEYS.maxQueueWaitMs, wait, '--conf') }),
  };
}

type Follow = { readonly cluster: Cluster; readonly user: string; readonly log: Log4jLogger; readonly removeStaging: () => void };

async function follow(
  rm: Peer,
  applicationId: ApplicationId,
  conf: ReadonlyMap<string, string>,
  { cluster, user, log, removeStaging }: Follow,
): Promise<number> {
  const wait = parseValue(SPARK_KEYS.waitAppCompletion, conf.get(SPARK_KEYS.waitAppCompletion.name) ?? 'true', '--conf');
  const intervalMs = parseValue(SPARK_KEYS.reportIntervalMs, conf.get(SPARK_KEYS.reportIntervalMs.name) ?? '1s', '--conf');
  const report = await followApplication(rm, {
    applicationId,
    intervalMs,
    log,
    timers: systemTimers,
    patienceMs: RM_PATIENCE_MS,
    connect: () => connectRm(cluster, user),
    enough: ({ state }) => !wait && (state === 'ACCEPTED' || state === 'RUNNING'),
  });
  if (!isFinalState(report.state)) return 0; // the driver removes the staging folder at its end
  removeStaging();
  const { exitCode, exception } = outcome(report);
  if (exception === undefined) return exitCode;
  if (report.state !== 'KILLED') log.error(`Application diagnostics message: ${report.diagnostics}`);
  process.stderr.write(`Exception in thread "main" org.apache.spark.SparkException: ${exception}\n`);
  const reason = reasonLine(report.diagnostics);
  if (reason !== '') process.stderr.write(`spark-submit: ${reason}\n`);
  return exitCode;
}

/** The first signal ends this process, after a last act. */
function onSignal(act: (signal: string) => void): void {
  for (const [signal, code] of Object.entries(SIGNALS))
    process.once(signal, () => {
      act(signal);
      process.exit(code);
    });
}
