// The driver of cluster mode: in the application's first container, started by a NodeManager, with the submit configuration in its token file.
// Registers as application master, runs the program, unregisters with how it ended. Its process begins in driver/cluster-main.ts, but this
// is part of the runtime bundle: the program's `import … from 'emberloom'` must find the same copy. Source: Spark's yarn ApplicationMaster.
import { readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { socketPathOf } from '../common/address.ts';
import { AppError } from '../common/errors.ts';
import { ADDRESS_SEPARATOR } from '../common/rm-addresses.ts';
import type { ApplicationId, AttemptId } from '../common/ids.ts';
import type { LogLevel } from '../common/ports.ts';
import { decodeSubmitConfig, type SubmitConfig } from '../common/submit-config.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { ownRunDir } from '../platform/own-run-dir.ts';
import { tlsFromEnvironment } from '../platform/tls-identity.ts';
import { systemTimers, unrefTimers } from '../platform/system-clock.ts';
import { prepareProcess } from './prepare-process.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';
import { setProcessPlaces } from './session.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { useWorkFolder } from './user-files.ts';
import { type ClusterPlace, yarnBackend } from './yarn-application.ts';
import type { Ending } from './driver/service/cluster-manager.ts';
import { RmSession } from '../rpc/rm-session.ts';

/** Source: ApplicationMaster.EXIT_*. */
const EXIT = { OK: 0, NO_CONTEXT: 13, USER_EXCEPTION: 15, DISCONNECTED: 17 } as const;

type Container = {
  readonly applicationId: ApplicationId;
  readonly attemptId: AttemptId;
  readonly rmAddress: string;
  readonly secret: string;
  /** SubmitConfig as text. */
  readonly submitted: string;
};

function container(env: NodeJS.ProcessEnv): Container {
  const need = (name: string, from: Record<string, string | undefined>): string => {
    const value = from[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: a cluster-mode driver is started by a NodeManager`);
    return value;
  };
  const secrets = JSON.parse(readFileSync(need('EMBERLOOM_CONTAINER_TOKENS', env), 'utf8')) as Record<string, string>;
  return {
    applicationId: need('EMBERLOOM_APPLICATION_ID', env) as ApplicationId,
    attemptId: need('EMBERLOOM_ATTEMPT_ID', env) as AttemptId,
    rmAddress: need('EMBERLOOM_RM_ADDRESS', env),
    secret: need('EMBERLOOM_APP_SECRET', secrets),
    submitted: need('EMBERLOOM_SUBMIT_CONFIG', secrets),
  };
}

/** Where other hosts reach the node, its sockets lie beside the NodeManager's, else beside the ResourceManager's (the first one's, where there are several). */
function placeOf(rmAddress: string, env: NodeJS.ProcessEnv): ClusterPlace {
  const [first = ''] = rmAddress.split(ADDRESS_SEPARATOR);
  const socket = first.startsWith('/') ? first : socketPathOf(first);
  const beside = env['EMBERLOOM_RUN_DIR'] ?? (socket === undefined ? makeTemporaryFolder(tmpdir()) : dirname(socket));
  const { runDir, socketMode } = ownRunDir(beside);
  const transport = new NetTransport({ tls: tlsFromEnvironment(env), host: env['NM_HOST'], socketMode });
  return { dataDir: '', runDir, rmAddress, transport, host: env['NM_HOST'], ownAddress: env['EMBERLOOM_NODE_ADDRESS'] };
}

/** The container's work folder has the program and what belongs to it: relative paths of the configuration count from there. */
function inContainer(config: SubmitConfig): SubmitConfig {
  return { ...config, primaryResource: resolve(config.primaryResource), appDir: resolve(config.appDir) };
}

/** @returns the exit code of the container */
export async function runClusterDriver(): Promise<number> {
  const { applicationId, attemptId, rmAddress, secret, submitted } = container(process.env);
  const config = inContainer(decodeSubmitConfig(submitted));
  const level = (config.conf.find(([key]) => key === 'spark.log.level')?.[1]?.toUpperCase() ?? 'INFO') as LogLevel;
  const logger = new Log4jLogger(process.stderr, 'ApplicationMaster', {
    level,
    json: config.conf.some(([k, v]) => k === 'spark.log.structuredLogging.enabled' && v === 'true'),
    context: { app_id: applicationId },
  });
  logger.info(`ApplicationAttemptId: ${attemptId}`);
  const place = placeOf(rmAddress, process.env);
  const session = new RmSession({
    transport: place.transport,
    timers: unrefTimers,
    waits: systemTimers,
    log: logger.named('YarnRMClient'),
    rmAddress,
    attemptId,
    secret,
    host: process.env['NM_HOST'] ?? hostname(),
  });
  session.handlers = {
    ...session.handlers,
    onUpdate: ({ leavingNodes }) => leavingNodes.forEach(session.leftNode), // before the program has made its context nothing of it lies anywhere
    onEnded: (error) => end(logger, error),
  };
  prepareProcess(config, { stderr: process.stderr, logger });
  useWorkFolder(process.cwd());
  await session.start();
  logger.named('YarnRMClient').info('Registering the ApplicationMaster');
  let hadContext = false;
  setProcessPlaces({
    transport: place.transport,
    clusterManager: (conf) => {
      if (hadContext)
        throw new AppError('BAD_ARGUMENT', {
          method: 'SparkContext',
          reason: 'a submitted program has one application; its context was stopped',
        });
      hadContext = true;
      const admission = { kind: 'cluster', applicationId, secret, session } as const;
      return yarnBackend({ config, conf, place, admission, logger });
    },
  });
  const ended = await runProgram(config, process.stderr);
  const { code, ending } = finalOf(ended, hadContext);
  logger.info(
    `Final app status: ${ending.finalStatus}, exitCode: ${code}${ending.diagnostics === '' ? '' : `, (reason: ${ending.diagnostics})`}`,
  );
  await session.stop(ending);
  return code;
}

/** Source: ApplicationMaster.runDriver and startUserApplication. */
function finalOf({ code, ending, threw }: ProgramEnd, hadContext: boolean): { code: number; ending: Ending } {
  if (ending.finalStatus !== 'SUCCEEDED') {
    const exitCode = threw || hadContext ? EXIT.USER_EXCEPTION : EXIT.NO_CONTEXT;
    return { code: ending.finalStatus === 'KILLED' ? code : exitCode, ending: { ...ending, exitCode } };
  }
  if (hadContext) return { code: EXIT.OK, ending };
  const diagnostics = 'User did not initialize spark context!';
  return { code: EXIT.NO_CONTEXT, ending: { finalStatus: 'FAILED', diagnostics, exitCode: EXIT.NO_CONTEXT } };
}

function end(logger: Log4jLogger, error: AppError): never {
  logger.error(error.message);
  process.exit(EXIT.DISCONNECTED);
}
