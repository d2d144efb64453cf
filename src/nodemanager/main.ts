// The NodeManager's process: chooses the adapters, reads arguments and settings, starts, stops on signals. Nothing decides here.
//
//   node nodemanager.cjs --data <dir> --name <name> [--conf <emberloom.yaml>]      READY <address> <url of its web server> on fd 3 when it is open
import { closeSync, fstatSync, writeSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KEYS } from '../common/config-keys.ts';
import { NO_AUDIT } from '../common/audit-line.ts';
import { AppError } from '../common/errors.ts';
import type { NodeId } from '../common/ids.ts';
import type { Logger, LogLevel } from '../common/ports.ts';
import { Settings } from '../common/settings.ts';
import { AuditFile } from '../platform/audit-file.ts';
import { findAccount, runToEnd } from '../platform/accounts.ts';
import { clusterSecrets, makeDataDir, socketModeOf } from '../platform/cluster-secret.ts';
import { readConfFile, tellWithoutEffect } from '../platform/conf-file.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';
import { daemonSink } from '../platform/daemon-sink.ts';
import { KeptSockets } from '../platform/kept-sockets.ts';
import { IpcTransport } from '../platform/ipc-transport.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { ExecaLauncher } from '../platform/process-launcher.ts';
import { runCheck } from '../platform/run-check.ts';
import { systemClock, systemTimers } from '../platform/system-clock.ts';
import { ownAddressToward } from '../platform/own-address.ts';
import { tlsEnvironment, tlsOf } from '../platform/tls-identity.ts';
import { archiveUnpacker } from '../platform/unpack-archive.ts';
import { watchedUsers } from '../platform/user-registry.ts';
import { webPlace } from '../platform/web-identity.ts';
import { WebServer } from '../web/web-server.ts';
import { RunAs } from './service/run-as.ts';
import { NodeManager } from './service/node-manager.ts';
import { whereReached } from './service/where-reached.ts';

const VERSION = '0.1.0';
/** READY does not wait longer for an RM that is not there: the NodeManager serves and keeps trying. */
const REGISTER_WAIT_MS = 3_000;

export type StartOptions = {
  readonly dataDir: string;
  readonly name: string;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Where executor.cjs and driver.cjs are. */
  readonly distDir: string;
  /** With a web server at yarn.nodemanager.webapp.address; default: none. */
  readonly http?: boolean;
  /** Containers may run as their users (run-as.ts); default: all as this process. */
  readonly asUsers?: boolean;
  /** The RM ordered this node to end; default: nothing. */
  readonly onShutdown?: () => void;
  /** A defect, or the state folder can't be written: default ends the process with 70. */
  readonly onFatal?: (error: Error) => void;
  readonly env?: NodeJS.ProcessEnv;
};
export type StartedNodeManager = {
  readonly address: string;
  /** Of its web server; '': it has none. */
  readonly url: string;
  readonly nodeId: NodeId;
  /** After the first registration; rejects when the RM refused (AUTH_REFUSED, NODE_REFUSED). */
  readonly registered: Promise<void>;
  /** `forGood`: the node is taken out. */
  stop(forGood?: boolean): Promise<void>;
};

/** @throws AppError DATA_DIR_UNUSABLE, SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
export async function startNodeManager(options: StartOptions): Promise<StartedNodeManager> {
  makeDataDir(options.dataDir, options.settings.need(KEYS.openSockets));
  try {
    return await begin(options);
  } catch (error) {
    const { errno, path, message } = error as NodeJS.ErrnoException;
    if (error instanceof AppError || errno === undefined) throw error;
    throw new AppError('DATA_DIR_UNUSABLE', { path: path ?? options.dataDir, detail: message }, { cause: error });
  }
}

async function begin(options: StartOptions): Promise<StartedNodeManager> {
  const { dataDir, name, settings, logger, distDir } = options;
  const host = settings.get(KEYS.nmHostname) ?? hostname();
  const reached = await whereReached({ settings, dataDir, name, host }, { ownAddressToward, tlsEnv: tlsEnvironment(settings) });
  const tls = tlsOf(settings);
  const secrets = clusterSecrets(dataDir, (fault) => logger.error(fault));
  const nodeId = `${host.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 60)}:${name}` as NodeId;
  const web = options.http === true ? webServer(settings, dataDir, name, logger) : undefined;
  await web?.open();
  const own = { user: userInfo().username, uid: process.getuid!() };
  const path = join(dataDir, 'logs', `nm-${name}-audit.log`);
  const file = { path, name: 'NMAuditLogger', maxBytes: settings.need(KEYS.auditMaxBytes), maxFiles: settings.need(KEYS.auditMaxFiles) };
  const audit = settings.need(KEYS.auditEnabled) ? new AuditFile(file, logger) : NO_AUDIT;
  const runAs = options.asUsers === true ? new RunAs({ own, settings, findAccount, run: runToEnd, logger }) : undefined;
  if (runAs?.active && !settings.need(KEYS.openSockets))
    logger.info(`Containers of other users than root need ${KEYS.openSockets.name}: true, to reach the daemons' sockets`);
  const node = new NodeManager(
    {
      clock: systemClock,
      timers: systemTimers,
      logger,
      launcher: new ExecaLauncher(),
      unpacker: archiveUnpacker,
      transport: new KeptSockets(
        new IpcTransport(new NetTransport({ tls, host, socketMode: socketModeOf(settings) })),
        systemTimers,
        logger,
      ),
      random: Math.random,
      runCheck,
      runAs,
      audit,
    },
    {
      dataDir,
      name,
      host,
      nodeId,
      version: VERSION,
      ...reached,
      httpAddress: web?.hostPort ?? '',
      secrets,
      settings,
      env: options.env ?? process.env,
      onShutdown: options.onShutdown ?? (() => {}),
      onFatal: options.onFatal ?? ((error) => die(logger, error)),
      programs: { nodeBinary: process.execPath, executor: join(distDir, 'executor.cjs'), driver: join(distDir, 'driver.cjs') },
    },
  );
  const { address, registered } = await node.start().catch(async (error: Error) => {
    await web?.close();
    throw error;
  });
  web?.serve(async () => {
    const [{ nmHandler }, { secureAuthentication }] = await Promise.all([
      import('./http/nm-app.ts'),
      import('../web/secure-authentication.ts'),
    ]);
    const generationOf = watchedUsers(dataDir, (fault) => logger.error(fault));
    const authenticate = secureAuthentication({ settings, secrets, generationOf });
    return nmHandler({ authenticate, view: node.view, dataDir, logger: logger.named('WebApp'), hostPort: web.hostPort, settings });
  });
  const stop = async (forGood?: boolean) => {
    await node.stop(forGood);
    audit.close();
    await web?.close(); // last: logs can be read while containers end
  };
  return { address, url: web?.url ?? '', nodeId, registered, stop };
}

function webServer(settings: Settings, dataDir: string, name: string, log: Logger): WebServer {
  const logger = log.named('WebApp');
  const addresses = { http: settings.need(KEYS.nmWebAddress), https: settings.need(KEYS.nmWebHttpsAddress) };
  return new WebServer({
    what: 'NodeManager',
    ...webPlace(settings, dataDir, addresses, logger),
    maxRetries: settings.need(KEYS.webPortRetries),
    logger,
    addressFile: join(dataDir, 'run', `nm-${name}-http`),
  });
}

function die(logger: Logger, error: Error): never {
  logger.error(`This NodeManager ends; its containers live on, start it again. ${error.stack ?? error.message}`);
  process.exit(70);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      name: { type: 'string', default: 'n1' },
      conf: { type: 'string' },
      dist: { type: 'string' },
      'no-http': { type: 'boolean' }, // one embedded in a driver
    },
  });
  const logger = new Log4jLogger(daemonSink(), 'NodeManager');
  let node: StartedNodeManager | undefined;
  let ending = false;
  const end = (why: string, forGood = false) => {
    if (ending) return;
    ending = true;
    logger.info(`${why}: stopping, with all containers`);
    (node?.stop(forGood) ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: Error) => {
        logger.error(error.stack ?? error.message);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  process.on('SIGHUP', () => {}); // a closed terminal does not end a daemon
  try {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(values.name))
      throw new AppError('CONFIG_BAD_VALUE', {
        key: '--name',
        value: values.name,
        expected: 'up to 32 letters, digits, _ . -',
        where: 'command line',
      });
    const dataDir = resolve(values.data ?? process.env.EMBERLOOM_DATA ?? join(homedir(), '.local', 'state', 'emberloom'));
    const settings = new Settings(values.conf === undefined ? [] : await readConfFile(values.conf));
    logger.settings.level = settings.need(KEYS.logLevel) as LogLevel;
    tellWithoutEffect(settings, logger);
    const distDir = resolve(values.dist ?? dirname(process.argv[1]!));
    node = await startNodeManager({
      dataDir,
      name: values.name,
      settings,
      logger,
      distDir,
      http: !values['no-http'],
      asUsers: true,
      onShutdown: () => end('The ResourceManager ordered it', true),
    });
    logger.info(`NodeManager ${node.nodeId} listens at ${node.address}${node.url === '' ? '' : ` and ${node.url}`}`);
    const waited = new Promise<'late'>((done) => setTimeout(done, REGISTER_WAIT_MS, 'late').unref());
    if ((await Promise.race([node.registered, waited])) === 'late') logger.warn('The ResourceManager has not answered yet; trying on.');
    ready(node.address, node.url);
  } catch (error) {
    logger.error(error instanceof AppError ? error.inOneLine : ((error as Error).stack ?? String(error)));
    await node?.stop();
    process.exit(error instanceof AppError ? error.exitCode : 1);
  }
}

/** Tells the start script, then lets go of its pipe: containers must not inherit it. */
function ready(address: string, url: string): void {
  try {
    if (!fstatSync(3).isFIFO() && !fstatSync(3).isSocket() && !fstatSync(3).isFile()) return;
    writeSync(3, `READY ${address} ${url}\n`);
    closeSync(3);
  } catch {
    // started by hand: nobody waits
  }
}

if (import.meta.main) void main();
