// The history server's process: chooses the adapters, reads arguments and settings, listens, stops on signals. Nothing decides here.
//
//   node history.cjs --data <dir> [--conf <conf/emberloom.yaml>] [--properties-file <file>] [<log folder>]      READY <url> on fd 3 when it is open
import { closeSync, existsSync, fstatSync, readFileSync, realpathSync, statSync, writeSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../common/errors.ts';
import { HISTORY_KEYS, HistorySettings } from '../common/history-keys.ts';
import { parseProperties } from '../common/properties.ts';
import { PageFiles } from '../status/pages/page-files.ts';
import { makeDataDir } from '../platform/cluster-secret.ts';
import { openDatabase } from '../platform/database.ts';
import { daemonSink } from '../platform/daemon-sink.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';
import { systemClock, systemTimers } from '../platform/system-clock.ts';
import { HistoryServer } from './service/history-server.ts';
import { historyHttp } from './service/http-app.ts';

const VERSION = '4.0.1';
const SHUTDOWN_MS = 3_000;
/** Some 20,000 tasks: below it no question takes as long as asking another thread. */
const LARGE_INDEX_BYTES = 8 << 20;

/** SPARK_HISTORY_OPTS: `-Dspark.history.ui.port=18081 …`, as for a JVM; other options mean nothing here. */
function optionPairs(text: string): [string, string][] {
  return [...text.matchAll(/(?:^|\s)-D([^\s=]+)=("[^"]*"|\S*)/g)].map(([, name, value]) => [name!, value!.replace(/^"|"$/g, '')]);
}

/** Weakest first, as Spark: a properties file replaces spark-defaults.conf. @throws AppError CONFIG_BAD_FILE, CONFIG_BAD_VALUE */
function readSettings(confDir: string, propertiesFile: string | undefined, logFolder: string | undefined): HistorySettings {
  const file = propertiesFile ?? join(confDir, 'spark-defaults.conf');
  if (propertiesFile !== undefined && !existsSync(file)) throw new AppError('CONFIG_BAD_FILE', { file, detail: 'there is no such file' });
  return new HistorySettings([
    { where: file, pairs: existsSync(file) ? parseProperties(readFileSync(file, 'utf8')) : [] },
    { where: 'SPARK_HISTORY_OPTS', pairs: optionPairs(process.env['SPARK_HISTORY_OPTS'] ?? '') },
    { where: 'command line', pairs: logFolder === undefined ? [] : [[HISTORY_KEYS.logDirectory.name, logFolder]] },
  ]);
}

/** @throws AppError HISTORY_LOG_FOLDER */
function folderOf(setting: string): string {
  const path = setting.replace(/^file:(\/\/)?(?=\/)/, '');
  const fail = (detail: string): never => {
    throw new AppError('HISTORY_LOG_FOLDER', { folder: setting, detail });
  };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) fail('only folders of this host can be read');
  if (!existsSync(path)) fail('there is no such folder');
  return statSync(path).isDirectory() ? realpathSync(path) : fail('it is no folder');
}

type Started = { readonly url: string; stop(): Promise<void> };

async function start(dataDir: string, settings: HistorySettings, logger: Log4jLogger): Promise<Started> {
  const logFolder = folderOf(settings.need(HISTORY_KEYS.logDirectory));
  makeDataDir(dataDir);
  const fromSource = import.meta.filename.endsWith('.ts');
  const dist = fromSource ? join(import.meta.dirname, '../../dist') : import.meta.dirname;
  const history = new HistoryServer(
    {
      logFolder,
      storePath: resolve(settings.get(HISTORY_KEYS.storePath) ?? join(dataDir, 'history')),
      updateIntervalMs: Math.max(100, settings.need(HISTORY_KEYS.updateIntervalMs)),
      maxDiskUsageBytes: settings.need(HISTORY_KEYS.maxDiskUsage),
      retainedApplications: settings.need(HISTORY_KEYS.retainedApplications),
      indexAhead: settings.need(HISTORY_KEYS.indexAhead),
      compaction: {
        maxFilesToRetain: settings.need(HISTORY_KEYS.maxFilesToRetain),
        scoreThreshold: settings.need(HISTORY_KEYS.compactionScore),
      },
      cleaner: settings.need(HISTORY_KEYS.cleanerEnabled)
        ? {
            intervalMs: settings.need(HISTORY_KEYS.cleanerIntervalMs),
            maxAgeMs: settings.need(HISTORY_KEYS.cleanerMaxAgeMs),
            maxCount: settings.need(HISTORY_KEYS.cleanerMaxNum),
            maxBytes: settings.get(HISTORY_KEYS.cleanerMaxBytes) ?? Number.POSITIVE_INFINITY,
          }
        : undefined,
      largeIndexBytes: LARGE_INDEX_BYTES,
      queryWorkerFile: fromSource ? join(import.meta.dirname, 'query/worker-main.ts') : join(dist, 'history-query.cjs'),
      workerFile: fromSource ? join(import.meta.dirname, 'worker-main.ts') : join(dist, 'history-worker.cjs'),
    },
    {
      clock: systemClock,
      timers: systemTimers,
      logger,
      openDatabase,
      lockDatabase: (path) => openDatabase(path, { migrations: [], synchronous: 'NORMAL', exclusive: true }),
      join,
    },
  );
  const pages = existsSync(join(dist, 'ui/index.html')) ? new PageFiles(join(dist, 'ui'), 'history') : undefined;
  const hostNames = [hostname(), process.env['SPARK_PUBLIC_DNS'] ?? ''].filter((name) => name !== '');
  const maxApplications = settings.get(HISTORY_KEYS.maxApplications) ?? Number.POSITIVE_INFINITY;
  const http = historyHttp(history, { version: VERSION, pages, hostNames, maxApplications });
  const [host, port] = [settings.need(HISTORY_KEYS.bindAddress), settings.need(HISTORY_KEYS.port)];
  try {
    const url = await http.listen({ host, port });
    await history.start();
    return { url, stop: async () => void (await Promise.all([http.close(), history.stop()])) };
  } catch (error) {
    await history.stop();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new AppError('HISTORY_PORT', { address: `${host}:${port}`, detail: message }, { cause: error });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' }, conf: { type: 'string' }, 'properties-file': { type: 'string' } },
    allowPositionals: true,
  });
  const logger = new Log4jLogger(daemonSink(), 'HistoryServer');
  let server: Started | undefined;
  const end = (signal: string): void => {
    logger.info(`${signal}: stopping`);
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    void (server?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(signal));
  process.on('SIGHUP', () => {}); // a closed terminal does not end a daemon
  try {
    const dataDir = resolve(values.data ?? process.env['EMBERLOOM_DATA'] ?? join(homedir(), '.local', 'state', 'emberloom'));
    const confDir = values.conf === undefined ? 'conf' : dirname(values.conf);
    const settings = readSettings(confDir, values['properties-file'], positionals[0]);
    server = await start(dataDir, settings, logger);
    logger.info(`The history server of ${settings.need(HISTORY_KEYS.logDirectory)} is at ${server.url}`);
    ready(server.url);
  } catch (error) {
    logger.error(error instanceof AppError ? error.inOneLine : ((error as Error).stack ?? String(error)));
    process.exit(error instanceof AppError ? error.exitCode : 1);
  }
}

/** Tells the start script. */
function ready(url: string): void {
  try {
    if (!fstatSync(3).isFIFO() && !fstatSync(3).isSocket() && !fstatSync(3).isFile()) return;
    writeSync(3, `READY ${url}\n`);
    closeSync(3);
  } catch {
    // started by hand: nobody waits
  }
}

if (import.meta.main) void main();
