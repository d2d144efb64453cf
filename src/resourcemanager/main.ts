// The ResourceManager's process: chooses the adapters, reads arguments and settings, starts, stops on signals. Nothing decides here.
//
//   node resourcemanager.cjs --data <dir> [--conf <emberloom.yaml>] [--queues <capacity-scheduler.yaml>] [--id rm1]
//
// READY <address> <url of its web server> on fd 3 when it is open.
import { randomBytes } from 'node:crypto';
import { appLogsDir } from '../logs/app-logs-dir.ts';
import { closeSync, existsSync, fstatSync, readFileSync, statSync, writeSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { eitherAddress } from '../common/address.ts';
import { checkListenAddress } from '../common/cluster-addresses.ts';
import { KEYS } from '../common/config-keys.ts';
import { AppError } from '../common/errors.ts';
import { rmAddressesOf, rmIdsOf, rmSocket, saidOfRm } from '../common/rm-addresses.ts';
import type { Clock, Logger, LogLevel } from '../common/ports.ts';
import { Settings } from '../common/settings.ts';
import { clusterSecrets, makeDataDir, socketModeOf } from '../platform/cluster-secret.ts';
import { readConfFile, tellWithoutEffect } from '../platform/conf-file.ts';
import { daemonSink } from '../platform/daemon-sink.ts';
import { KeptSockets } from '../platform/kept-sockets.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { ProcessIdentities } from '../platform/process-identity.ts';
import { removeTree } from '../platform/remove-tree.ts';
import { tlsOf } from '../platform/tls-identity.ts';
import { systemClock, systemTimers } from '../platform/system-clock.ts';
import { webPlace } from '../platform/web-identity.ts';
import { readYamlFile } from '../platform/yaml-file.ts';
import { nodeListsOf } from './service/node-lists.ts';
import { watchAllocations } from './service/allocation-watch.ts';
import { fairSettings } from './service/fair-settings.ts';
import { readQueues } from './service/read-queues.ts';
import { repairReport, repairStore } from './repair/main.ts';
import { schedulerFile } from './http/scheduler-conf.ts';
import { serveWeb, webAddresses, webServer } from './http/serve.ts';
import { securityOf } from './security/main.ts';
import { haOf } from './service/ha-settings.ts';
import { kindOf, rmSettings } from './service/rm-settings.ts';
import { type RunningRm, runResourceManager } from './service/resource-manager.ts';
import { stateStore } from './store/main.ts';

const VERSION = '0.1.0';

export type StartOptions = {
  readonly dataDir: string;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Which of yarn.resourcemanager.ha.rm-ids it is; default: yarn.resourcemanager.ha.id. */
  readonly id?: string | undefined;
  /** conf/capacity-scheduler.yaml; without a file (or undefined) there is one queue, root.default. */
  readonly queuesFile?: string | undefined;
  /** Reads the settings anew, for `yarn rmadmin -refresh…`. @throws AppError CONFIG_BAD_FILE */
  readonly readSettings?: (() => Promise<Settings>) | undefined;
  /** With a web server at yarn.resourcemanager.webapp.address; default: none. */
  readonly http?: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** A defect or a failed store: default ends the process with 70. */
  readonly onFatal?: (error: Error) => void;
};
export type StartedResourceManager = {
  readonly address: string;
  /** Of its web server; '': it has none. */
  readonly url: string;
  readonly running: RunningRm;
  stop(): Promise<void>;
};

/** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG, DATA_DIR_UNUSABLE, QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE, CONFIG_BAD_VALUE */
export async function startResourceManager({
  dataDir,
  settings,
  logger,
  queuesFile,
  readSettings,
  http = false,
  id,
  clock = systemClock,
  onFatal,
}: StartOptions): Promise<StartedResourceManager> {
  const readAgain = () => queuesOf(settings, queuesFile, logger);
  const { queues, policies } = await readAgain();
  makeDataDir(dataDir, settings.need(KEYS.openSockets));
  const remove = (path: string) => removeTree(path, join(dataDir, 'state'));
  const secrets = clusterSecrets(dataDir, (fault) => logger.error(fault));
  const security = securityOf(settings, dataDir, logger, readSettings);
  const ha = haOf(settings, id);
  const address = `unix:${rmSocket(dataDir, ha?.id)}`;
  const more = alsoAt(saidOfRm(settings, ha?.id), address);
  const store = stateStore(dataDir, settings, ha?.id);
  const place = () => webPlace(settings, dataDir, webAddresses(settings, ha?.id), logger.named('WebApp'));
  const web = http ? webServer(place(), settings, dataDir, ha?.id, logger) : undefined;
  const nodeLists = await nodeListsOf(settings);
  await web?.open();
  const running = await runResourceManager(
    {
      clock,
      timers: systemTimers,
      logger,
      transport: new KeptSockets(new NetTransport({ tls: tlsOf(settings), socketMode: socketModeOf(settings) }), systemTimers, logger),
      newKey: () => randomBytes(32).toString('hex'),
      removeStaging: (id) => void remove(join(dataDir, 'staging', id)).catch(() => {}), // what stays behind is found by its id
      ...store.parts,
      processes: new ProcessIdentities(),
    },
    {
      addresses: [address, ...more],
      bindHost: settings.get(KEYS.rmBindHost),
      secrets,
      settings: rmSettings(settings, ha === undefined ? ownAddress(address, more[0]) : rmAddressesOf(settings, dataDir)),
      version: VERSION,
      dataDir,
      httpAddress: web?.hostPort || undefined,
      web: () => web?.url ?? '',
      ha,
      storePath: store.path,
      appLogsDir: appLogsDir(settings, dataDir),
      staging: {
        maxBytes: settings.need(KEYS.stagingMaxMb) * 1024 ** 2,
        maxBytesPerUser: settings.need(KEYS.stagingMaxMbPerUser) * 1024 ** 2,
        remove,
      },
      queues,
      policies,
      readQueues: readAgain,
      nodeLists,
      security,
      onFatal:
        onFatal ??
        ((error) => {
          logger.error(`This ResourceManager ends; start it again, nothing that was told is lost. ${error.stack ?? error.message}`);
          process.exit(70);
        }),
    },
  ).catch(async (error: Error) => {
    await web?.close();
    throw error;
  });
  const file = schedulerFile(queuesFile, readYamlFile, (path) => queuesOf(settings, path, logger));
  const stopPages =
    web &&
    serveWeb({
      web,
      running,
      settings,
      logger,
      timers: systemTimers,
      version: VERSION,
      dataDir,
      secrets,
      generationOf: security.generationOf,
      schedulerFile: file,
    });
  const fairFiles = kindOf(settings.need(KEYS.schedulerClass)) === 'fair' ? fairFilesOf(settings, queuesFile) : [];
  const stopWatch = watchAllocations({
    clock: systemClock,
    timers: systemTimers,
    logger,
    modifiedMs: () => fairFiles.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).find((ms) => ms !== undefined),
    isActive: () => running.active !== undefined,
    reload: async () => running.loop.handle({ tag: 'queuesRefreshed', ...(await readAgain()) }),
  });
  return {
    address: more.length > 0 ? running.addresses[1]! : address,
    url: web?.url ?? '',
    running,
    stop: async () => {
      stopWatch();
      stopPages?.();
      await web?.close();
      await running.stop();
      security.audit.close();
    },
  };
}

/** @throws AppError QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE */
function queuesOf(settings: Settings, capacityFile: string | undefined, logger: Logger) {
  const fairFiles = fairFilesOf(settings, capacityFile);
  if (settings.get(KEYS.fairAllocationFile) !== undefined && !existsSync(fairFiles[0]!))
    throw new AppError('CONFIG_BAD_FILE', { file: fairFiles[0]!, detail: 'there is no such file' });
  return readQueues({
    kind: kindOf(settings.need(KEYS.schedulerClass)),
    fair: fairSettings(settings),
    capacityFile,
    fairFiles,
    exists: existsSync,
    warn: (text) => logger.warn(text),
    readText: (file) => readFileSync(file, 'utf8'),
    readYaml: readYamlFile,
  });
}

/** The first that is there counts. */
function fairFilesOf(settings: Settings, capacityFile: string | undefined): string[] {
  const named = settings.get(KEYS.fairAllocationFile);
  const confDir = capacityFile === undefined ? undefined : dirname(capacityFile);
  if (named !== undefined) return [resolve(confDir ?? '.', named)];
  return confDir === undefined ? [] : ['fair-scheduler.xml', 'fair-scheduler.yaml'].map((name) => join(confDir, name));
}

/** For drivers: the socket where they are on this host. */
const ownAddress = (near: string, far: string | undefined): string =>
  far?.startsWith('tls:') ? eitherAddress(hostname(), near, far) : near;

/** The address of the settings, where that is another one than the socket in the data folder. */
function alsoAt(asked: string | undefined, own: string): string[] {
  if (asked === undefined || asked === own || `unix:${asked}` === own) return [];
  checkListenAddress(asked, KEYS.rmAddress.name);
  return [asked];
}

async function main(): Promise<void> {
  const logger = new Log4jLogger(daemonSink(), 'ResourceManager');
  let rm: StartedResourceManager | undefined;
  let ending = false;
  const end = (why: string) => {
    if (ending) return;
    ending = true;
    logger.info(`${why}: stopping; containers run on`);
    (rm?.stop() ?? Promise.resolve()).then(
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
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        conf: { type: 'string' },
        queues: { type: 'string' },
        name: { type: 'string' },
        id: { type: 'string' },
        repair: { type: 'boolean' },
        'list-ids': { type: 'boolean' }, // for start-all.sh: which there are, one a line; none: one without a name
        'no-http': { type: 'boolean' }, // one embedded in a driver
      },
    });
    const dataDir = resolve(values.data ?? process.env.EMBERLOOM_DATA ?? join(homedir(), '.local', 'state', 'emberloom'));
    if (values.repair) {
      process.stdout.write(`${repairReport(repairStore(dataDir, Date.now()))}\n`);
      process.exit(0);
    }
    const readSettings = async () => new Settings(values.conf === undefined ? [] : await readConfFile(values.conf));
    const settings = await readSettings();
    if (values['list-ids']) {
      process.stdout.write(
        rmIdsOf(settings)
          .map((each) => `${each}\n`)
          .join(''),
      );
      process.exit(0);
    }
    logger.settings.level = settings.need(KEYS.logLevel) as LogLevel;
    tellWithoutEffect(settings, logger);
    const queuesFile =
      values.queues ?? (values.conf === undefined ? undefined : join(dirname(resolve(values.conf)), 'capacity-scheduler.yaml'));
    rm = await startResourceManager({ dataDir, settings, readSettings, logger, queuesFile, http: !values['no-http'], id: values.id });
    logger.info(`ResourceManager ${VERSION} listens at ${[...rm.running.addresses, rm.url].filter((a) => a !== '').join(' and ')}`);
    ready(rm.address, rm.url);
  } catch (error) {
    logger.error(error instanceof AppError ? error.inOneLine : ((error as Error).stack ?? String(error)));
    process.exit(error instanceof AppError ? error.exitCode : 1);
  }
}

/** Tells the start script, if there is one. */
function ready(address: string, url: string): void {
  try {
    const stat = fstatSync(3);
    if (!stat.isFIFO() && !stat.isSocket() && !stat.isFile()) return;
    writeSync(3, `READY ${address} ${url}\n`);
    closeSync(3);
  } catch {
    // started by hand: nobody waits
  }
}

/** The bundle is CommonJS, the source an ES module: both know the process's first file. */
const isEntry = (): boolean => /resourcemanager(\.cjs|\/main\.ts)$/.test(process.argv[1] ?? '');

if (isEntry()) void main();
