// The pools of FAIR scheduling as an allocation file names them (fairscheduler.xml or .yaml; platform/allocation-file.ts reads it). What is
// wrong with a pool is told, and its default is used; a file that can't be read is an error. Source: Spark's FairSchedulableBuilder.
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { DEFAULT_POOL, type Pools, type PoolSpec, type SchedulingMode } from '../core/pools.ts';
import type { DriverHost } from './driver-host.ts';
import type { SparkConf } from './spark-conf.ts';

/** A pool and its properties as they stand in the file. */
export type PoolEntry = { readonly name: string; readonly properties: Readonly<Record<string, string>> };
export type AllocationFile = { readonly file: string; readonly pools: readonly PoolEntry[] };

/** @returns undefined when scheduling is FIFO: there are no pools; else rejects with CONFIG_BAD_FILE */
export function definePools(
  pools: Pools,
  conf: SparkConf,
  host: Pick<DriverHost, 'readAllocations'>,
  log: Logger,
): Promise<void> | undefined {
  if (pools.mode === 'FIFO') return undefined;
  pools.onUnknown = (spec) => tellUnknownPool(spec, log);
  const known = host.readAllocations(conf.read(SPARK_KEYS.allocationFile)).then((found) => pools.define(fairPools(found, log)));
  known.catch(() => {}); // every job fails with it
  return known;
}

export function fairPools(found: AllocationFile | undefined, log: Logger): PoolSpec[] {
  if (found === undefined) {
    log.warn(
      'Fair Scheduler configuration file not found so jobs will be scheduled in FIFO order. To use fair scheduling, configure pools in ' +
        'fairscheduler.xml or set spark.scheduler.allocation.file to a file that contains the configuration.',
    );
    return [];
  }
  log.info(`Creating Fair Scheduler pools from ${found.file}`);
  return found.pools.map(({ name, properties }) => {
    const spec: PoolSpec = {
      name,
      mode: modeOf(properties['schedulingMode'], name, log),
      minShare: numberOf(properties['minShare'], 'minShare', 0, 0, name, log),
      weight: numberOf(properties['weight'], 'weight', 1, 1, name, log),
    };
    log.info(poolLine('Created pool', spec));
    return spec;
  });
}

const poolLine = (what: string, { name, mode, minShare, weight }: PoolSpec): string =>
  `${what}: ${name}, schedulingMode: ${mode}, minShare: ${minShare}, weight: ${weight}`;

/** A job's pool that no file names; the default pool needs no line. */
function tellUnknownPool(spec: PoolSpec, log: Logger): void {
  if (spec.name === DEFAULT_POOL) return;
  log.warn(
    'A job was submitted with scheduler pool ' +
      `${spec.name}, which has not been configured. This can happen when the file that pools are read from isn't set, or when that file doesn't contain ` +
      `${spec.name}. ${poolLine('Created', spec)}`,
  );
}

function modeOf(text: string | undefined, pool: string, log: Logger): SchedulingMode {
  const mode = text?.trim().toUpperCase();
  if (mode === undefined || mode === '') return 'FIFO';
  if (mode === 'FIFO' || mode === 'FAIR') return mode;
  log.warn(`Unsupported schedulingMode: ${text} found in Fair Scheduler configuration for pool ${pool}, using the default: FIFO`);
  return 'FIFO';
}

function numberOf(text: string | undefined, what: string, least: number, fallback: number, pool: string, log: Logger): number {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return fallback;
  if (/^-?\d+$/.test(trimmed) && Number(trimmed) >= least) return Number(trimmed);
  log.warn(
    `${what} of pool ${pool} in the Fair Scheduler configuration is ${trimmed}, not a whole number of at least ${least}; using ${fallback}`,
  );
  return fallback;
}
