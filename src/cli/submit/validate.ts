// Refuses a submit that can't be meant, with Spark's sentences. What only the cluster can know (queue, largest container) is
// refused by the ResourceManager. Source: SparkSubmitArguments.validateSubmitArguments, SparkSubmit.prepareSubmitEnvironment.
import { AppError } from '../../common/errors.ts';
import { parseBytes } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { nearest } from '../../common/suggest.ts';
import type { SubmitArguments } from './arguments.ts';
import { type Field, OPTIONS } from './options.ts';

const fail = (reason: string) => new AppError('SUBMIT_USAGE', { reason });

/** @throws AppError SUBMIT_USAGE, OPTION_REFUSED */
export function validateSubmit(args: SubmitArguments): void {
  const { fields } = args;
  if (fields.remote !== undefined && (fields.master !== undefined || fields.deployMode !== undefined))
    throw fail('Remote cannot be specified with master and/or deploy mode.');
  if (args.primaryResource === undefined) throw fail('Must specify a primary resource (a .ts, .mts, .js, .mjs or .cjs file)');
  checkNumbers(args);
  if (fields.proxyUser !== undefined && fields.principal !== undefined)
    throw fail('Only one of --proxy-user or --principal can be provided.');
  refuseUnsupported(args);
  checkMaster(fields.master ?? 'local[*]');
  checkDeployMode(fields.deployMode, fields.master ?? 'local[*]');
}

const MEMORY: readonly (readonly [Field, string])[] = [
  ['driverMemory', 'Driver memory'],
  ['executorMemory', 'Executor memory'],
];
const COUNTS: readonly (readonly [Field, string])[] = [
  ['driverCores', 'Driver cores'],
  ['executorCores', 'Executor cores'],
  ['totalExecutorCores', 'Total executor cores'],
];

/** With 8 MB V8 dies before the program's first line, with 12 it may (measured). bin/spark-submit sets no smaller limit. */
const MIN_DRIVER_BYTES = 16 * 1024 ** 2;

function checkNumbers({ fields, properties }: SubmitArguments): void {
  for (const [field, what] of MEMORY) {
    const value = fields[field];
    const bytes = value === undefined ? 1 : (parseBytes(value, 'm') ?? 0);
    // Beyond that it is no number of bytes that Spark could count either.
    if (!(bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER)) throw fail(`${what} must be a positive number`);
  }
  if (fields.driverMemory !== undefined && parseBytes(fields.driverMemory, 'm')! < MIN_DRIVER_BYTES)
    throw fail(`Driver memory ${fields.driverMemory} is too small: Node.js alone needs 16m of heap`);
  const positive = (value: string) => /^\+?\d+$/.test(value) && Number(value) > 0 && Number(value) < 2 ** 31;
  for (const [field, what] of COUNTS) {
    const value = fields[field];
    if (value !== undefined && !positive(value)) throw fail(`${what} must be a positive number`);
  }
  // With dynamic allocation executors come when there are tasks.
  const least = properties.get(SPARK_KEYS.dynamicAllocation.name)?.toLowerCase() === 'true' ? 0 : 1;
  const { numExecutors } = fields;
  if (numExecutors !== undefined && !positive(numExecutors) && !(least === 0 && /^\+?0+$/.test(numExecutors)))
    throw fail('Number of executors must be a positive number');
}

function refuseUnsupported({ fields, given }: SubmitArguments): void {
  for (const option of OPTIONS)
    if (option.refused !== undefined && option.field !== undefined && given.has(option.field))
      throw new AppError('OPTION_REFUSED', { option: option.name, reason: option.refused });
  if (fields.remote !== undefined)
    throw new AppError('OPTION_REFUSED', {
      option: 'SPARK_REMOTE',
      reason: 'there is no Spark Connect client in Emberloom; unset it and submit with --master',
    });
  const python = fields.pyFiles
    ?.split(',')
    .find((file) => !/\.(?:[mc]?js|[mc]?ts|json|zip|tgz|tar\.gz)$/i.test(file.replace(/#.*$/, '').trim()));
  if (python !== undefined)
    throw new AppError('OPTION_REFUSED', {
      option: '--py-files',
      reason: `${python} is no JavaScript or TypeScript module and no .zip or .tgz; Python programs don't run here`,
    });
}

const LOCAL = /^local(?:\[(?:\*|\d+)(?:\s*,\s*\d+)?\])?$/;
const LOCAL_CLUSTER = /^local-cluster\[\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\]$/;
const MASTERS = ['local', 'local[*]', 'yarn', 'emberloom'];

function checkMaster(master: string): void {
  if (master === 'yarn' || LOCAL.test(master) || LOCAL_CLUSTER.test(master)) {
    if (/^local(?:-cluster)?\[\s*0|,\s*0/.test(master)) throw fail(`Asked to run locally with 0 threads, executors or failures: ${master}`);
    return;
  }
  if (/^(?:spark|k8s|mesos):\/\//.test(master))
    throw new AppError('OPTION_REFUSED', {
      option: `--master ${master}`,
      reason: 'this version knows yarn (its own ResourceManager), local[N] and local-cluster[n,cores,memoryMb]',
    });
  if (master.startsWith('local'))
    throw fail(
      `Could not parse Master URL: '${master}'. Forms: local, local[N], local[*], local[N,maxFailures], local-cluster[n,cores,memoryMb]`,
    );
  const meant = nearest(master, MASTERS);
  throw fail(`Master must either be yarn or start with spark, k8s, or local${meant === undefined ? '' : `. Did you mean ${meant}?`}`);
}

function checkDeployMode(deployMode: string | undefined, master: string): void {
  if (deployMode !== undefined && deployMode !== 'client' && deployMode !== 'cluster')
    throw fail('--deploy-mode must be either "client" or "cluster"');
  if (deployMode === 'cluster' && master.startsWith('local')) throw fail('Cluster deploy mode is not compatible with master "local"');
}
