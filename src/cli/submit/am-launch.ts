// What the driver's container needs, in numbers and words: its size, its launch context. Pure. Source: Spark's yarn Client.
import type { SubmitConfig } from '../../common/submit-config.ts';
import { encodeSubmitConfig } from '../../common/submit-config.ts';
import { AppError } from '../../common/errors.ts';
import { parseValue } from '../../common/key.ts';
import { type Resource, resource } from '../../common/resource.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { LaunchContext, LocalResource } from '../../rpc/messages/shapes.ts';

/** Spark's ResourceProfile: 10 % of the heap, and never less than 384 MiB. */
const MIN_OVERHEAD_MB = 384;
const OVERHEAD_FACTOR = 0.1;

export type AmSize = { readonly heapMb: number; readonly overheadMb: number; readonly container: Resource };

export function amSize(conf: ReadonlyMap<string, string>): AmSize {
  const text = (key: { name: string; fallback: string | undefined }) => conf.get(key.name) ?? key.fallback;
  const heapMb = parseValue(SPARK_KEYS.driverMemory, text(SPARK_KEYS.driverMemory)!, '--driver-memory');
  const said = text(SPARK_KEYS.driverMemoryOverhead);
  const overheadMb =
    said === undefined
      ? Math.max(Math.floor(heapMb * OVERHEAD_FACTOR), MIN_OVERHEAD_MB)
      : parseValue(SPARK_KEYS.driverMemoryOverhead, said, '--conf');
  return {
    heapMb,
    overheadMb,
    container: resource(heapMb + overheadMb, parseValue(SPARK_KEYS.driverCores, text(SPARK_KEYS.driverCores)!, '--driver-cores')),
  };
}

/** Before anything is copied: what can never run is refused with Spark's words. @throws AppError SUBMIT_USAGE */
export function checkSizes(conf: ReadonlyMap<string, string>, am: AmSize, maximum: Resource): void {
  const please = "Please check the values of 'yarn.scheduler.maximum-allocation-mb' and/or 'yarn.nodemanager.resource.memory-mb'.";
  const executorMb = parseValue(
    SPARK_KEYS.executorMemory,
    conf.get(SPARK_KEYS.executorMemory.name) ?? SPARK_KEYS.executorMemory.fallback!,
    '--executor-memory',
  );
  const said = conf.get(SPARK_KEYS.executorMemoryOverhead.name);
  const executorOverhead =
    said === undefined
      ? Math.max(Math.floor(executorMb * OVERHEAD_FACTOR), MIN_OVERHEAD_MB)
      : parseValue(SPARK_KEYS.executorMemoryOverhead, said, '--conf');
  // 0: no node has registered yet, so nothing is known; the ResourceManager lets the application wait.
  if (maximum.memoryMb === 0) return;
  if (executorMb + executorOverhead > maximum.memoryMb) {
    throw new AppError('SUBMIT_USAGE', {
      reason: `Required executor memory (${executorMb} MB), offHeap memory (0) MB, overhead (${executorOverhead} MB), and PySpark memory (0 MB) is above the max threshold (${maximum.memoryMb} MB) of this cluster! ${please}`,
    });
  }
  if (am.container.memoryMb > maximum.memoryMb)
    throw new AppError('SUBMIT_USAGE', {
      reason: `Required AM memory (${am.heapMb}+${am.overheadMb} MB) is above the max threshold (${maximum.memoryMb} MB) of this cluster! ${please}`,
    });
}

export type Staged = { readonly config: SubmitConfig; readonly resources: readonly LocalResource[]; readonly stagingDir: string };

/** @returns the context of a container of kind `driver`; its token file has the submit configuration as the container sees it */
export function amLaunchContext(staged: Staged, conf: ReadonlyMap<string, string>, am: AmSize): LaunchContext {
  const own = [...conf]
    .filter(([key]) => key.startsWith('spark.yarn.appMasterEnv.'))
    .map(([key, value]) => [key.slice('spark.yarn.appMasterEnv.'.length), value] as const);
  const options = [`--max-old-space-size=${am.heapMb}`, conf.get(SPARK_KEYS.driverNodeOptions.name) ?? '']
    .filter((o) => o !== '')
    .join(' ');
  return {
    kind: 'driver',
    args: [],
    // Settings may be passwords, and arguments are for everybody on the host to see.
    secretEnv: { EMBERLOOM_SUBMIT_CONFIG: encodeSubmitConfig(staged.config) },
    user: staged.config.user,
    resources: [...staged.resources],
    env: { ...Object.fromEntries(own), EMBERLOOM_NODE_OPTIONS: options, EMBERLOOM_STAGING_DIR: staged.stagingDir },
  };
}
