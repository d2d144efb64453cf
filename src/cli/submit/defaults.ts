// Completes what the command line left open, in Spark's order: flag, --conf, properties file, conf/spark-defaults.conf,
// environment, built-in. Files are read by the caller (main.ts); here it is only said which one wins. Source: SparkSubmitArguments.
import type { Property } from '../../common/properties.ts';
import type { SubmitArguments } from './arguments.ts';
import { type Field, OPTIONS } from './options.ts';

/** Environment variables that stand for a flag: the lowest precedence above the built-in defaults. */
const FROM_ENVIRONMENT: Partial<Record<Field, string>> = {
  master: 'MASTER',
  remote: 'SPARK_REMOTE',
  deployMode: 'DEPLOY_MODE',
  driverMemory: 'SPARK_DRIVER_MEMORY',
  executorMemory: 'SPARK_EXECUTOR_MEMORY',
  executorCores: 'SPARK_EXECUTOR_CORES',
};

/** Adds a file's settings below what is already known. */
export function addProperties(args: SubmitArguments, properties: readonly Property[]): void {
  for (const [key, value] of properties) if (!args.properties.has(key)) args.properties.set(key, value);
}

/** Drops settings that are not Spark's. @returns their names, for the warnings */
export function dropForeignProperties(args: SubmitArguments): string[] {
  const foreign = [...args.properties.keys()].filter((key) => !key.startsWith('spark.'));
  for (const key of foreign) args.properties.delete(key);
  return foreign;
}

/** Fields from settings and environment. Call after all properties are in. */
export function completeFields(args: SubmitArguments, env: Readonly<Record<string, string | undefined>>): void {
  for (const { field, key } of OPTIONS) {
    if (field === undefined || args.fields[field] !== undefined) continue;
    const variable = FROM_ENVIRONMENT[field];
    const value =
      (key === undefined ? undefined : args.properties.get(key)) ?? (variable === undefined ? undefined : env[variable] || undefined);
    if (value !== undefined) args.fields[field] = value;
  }
}

/** `local[*]`, the name, and for yarn SPARK_YARN_APP_NAME: what is left when nobody said anything. */
export function completeBuiltIns(args: SubmitArguments, env: Readonly<Record<string, string | undefined>>): void {
  const { fields } = args;
  // `emberloom` is our own word for the cluster that Spark calls yarn.
  if (fields.master === 'emberloom') fields.master = 'yarn';
  if (fields.remote === undefined || fields.master !== undefined) fields.master ??= 'local[*]';
  if (fields.name === undefined && fields.master === 'yarn' && env['SPARK_YARN_APP_NAME']) fields.name = env['SPARK_YARN_APP_NAME'];
  if (fields.name === undefined && args.primaryResource !== undefined)
    fields.name = args.primaryResource.slice(args.primaryResource.lastIndexOf('/') + 1);
}
