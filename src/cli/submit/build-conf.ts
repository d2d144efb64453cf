// The final spark.* settings of an application: properties, then the flags over them, then what the submit itself decides. Pure.
// Which value a field has was settled in defaults.ts. Source: the OptionAssigners of Spark's SparkSubmit.
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { SubmitArguments } from './arguments.ts';
import { type Field, OPTIONS } from './options.ts';

/** Flags that only a cluster acts on: with local masters Spark keeps them out of the settings. */
const CLUSTER_ONLY: readonly Field[] = ['queue', 'numExecutors', 'executorMemory', 'executorCores', 'driverCores', 'driverNodeOptions'];
const JVM_PATHS: readonly Field[] = ['driverExtraClassPath', 'driverExtraLibraryPath'];

export type Conf = { readonly entries: [string, string][]; readonly warnings: string[] };

/** @param submittedAtMs becomes spark.app.submitTime */
export function buildConf(args: SubmitArguments, files: readonly string[], archives: readonly string[], submittedAtMs: number): Conf {
  const conf = new Map(args.properties);
  const warnings: string[] = [];
  const local = /^local(?!-cluster)/.test(args.fields.master ?? '');
  for (const { name, field, key, refused } of OPTIONS) {
    if (field === undefined || key === undefined) continue;
    if (refused !== undefined || JVM_PATHS.includes(field)) {
      const value = args.fields[field];
      conf.delete(key);
      if (value !== undefined)
        warnings.push(
          args.given.has(field)
            ? `${name} is ignored: there is no JVM here.`
            : `${key}=${value} is ignored${refused === undefined ? ': there is no JVM here' : `: ${refused}`}.`,
        );
    } else if (args.fields[field] !== undefined && !(local && CLUSTER_ONLY.includes(field) && !args.properties.has(key)))
      conf.set(key, args.fields[field]);
  }
  for (const key of ['spark.driver.extraJavaOptions', 'spark.executor.extraJavaOptions']) takeJavaOptions(conf, key, warnings);
  if (args.supervise)
    warnings.push('--supervise is for standalone masters; yarn starts a failed driver again by itself (spark.yarn.maxAppAttempts).');
  conf.delete('spark.submit.pyFiles');
  set(conf, 'spark.files', files.join(','));
  set(conf, 'spark.archives', archives.join(','));
  conf.set('spark.master', args.fields.master!);
  conf.set('spark.submit.deployMode', args.fields.deployMode ?? 'client');
  conf.set('spark.app.name', args.fields.name!);
  conf.set('spark.app.submitTime', String(submittedAtMs));
  return { entries: [...conf], warnings };
}

function set(conf: Map<string, string>, key: string, value: string): void {
  if (value === '') conf.delete(key);
  else conf.set(key, value);
}

/** `-Dspark.x=y` is a setting, below all others; every other JVM option has no meaning here. */
function takeJavaOptions(conf: Map<string, string>, key: string, warnings: string[]): void {
  const options = conf.get(key);
  if (options === undefined) return;
  conf.delete(key);
  const dropped: string[] = [];
  for (const option of options.split(/\s+/).filter((o) => o !== '')) {
    const [, name, value] = /^-D(spark\.[^=]+)=(.*)$/.exec(option) ?? [];
    if (name === undefined) dropped.push(option);
    else if (!conf.has(name)) conf.set(name, value!);
  }
  if (dropped.length > 0)
    warnings.push(
      `${key}: ${dropped.join(' ')} is ignored, there is no JVM here; spark.driver.extraNodeOptions and spark.executor.extraNodeOptions take options for Node.js.`,
    );
}

const READ_ELSEWHERE = /^spark\.(?:app\.|submit\.|master$|hadoop\.|executorEnv\.|yarn\.appMasterEnv\.|redaction\.)/;

/** Settings of the user's that nothing in this version acts on; programs can still read them. For one warning. */
export function settingsWithoutEffect(properties: ReadonlyMap<string, string>): string[] {
  const known = new Set<string>(Object.values(SPARK_KEYS).map((k) => k.name));
  const options = new Set(OPTIONS.map((o) => o.key));
  return [...properties.keys()].filter(
    (key) => !known.has(key) && !options.has(key) && !READ_ELSEWHERE.test(key) && !/extraJavaOptions$/.test(key),
  );
}
