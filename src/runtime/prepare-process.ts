// What a process needs before a program is read in it: settings from spark-submit, places, and the loader that lets functions travel.
// Used by entry.ts (client mode) and cluster-driver.ts (cluster mode).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SubmitConfig } from '../common/submit-config.ts';
import type { Log4jLogger } from '../platform/log4j-logger.ts';
import { installLoader } from './closure/loader.ts';
import { SparkConf, setSubmittedConf } from './driver/service/spark-conf.ts';
import { ENGINE_DIR, ENGINE_URL, setProcessPlaces } from './session.ts';

export type ProgramIo = { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream; readonly logger: Log4jLogger };

/** Settings, places and the closure loader: what both deploy modes need before the program is read. */
export function prepareProcess(config: SubmitConfig, io: Pick<ProgramIo, 'stderr' | 'logger'>): SparkConf {
  const own: [string, string][] = [
    ['spark.master', config.master],
    ['spark.submit.deployMode', config.deployMode],
    ['spark.app.name', config.name],
  ];
  setSubmittedConf([...own, ...config.conf]);
  setProcessPlaces({ logger: io.logger, appDir: config.appDir, stderr: io.stderr as NodeJS.WriteStream });
  const conf = new SparkConf();
  registerClosureLoader(conf);
  return conf;
}

/** For `node --import emberloom/register program.ts`: functions can travel, without spark-submit. */
export function registerClosureLoader(conf: SparkConf = new SparkConf()): void {
  installLoader({
    engineUrl: ENGINE_URL,
    engineDir: pathToFileURL(ENGINE_DIR).href,
    packages: conf.read(SPARK_KEYS.closurePackages) ?? [],
    exclude: conf.read(SPARK_KEYS.closureExclude) ?? [],
    cacheDir: join(ENGINE_DIR, '.cache', 'closures'),
    packagesDir: conf.read(SPARK_KEYS.packagesDir),
  });
}
