// The properties of a job that the scheduler knows, and their names, which are Spark's. Where a program sets them is
// service/local-properties.ts.
import { DEFAULT_POOL } from './pools.ts';

export const GROUP = 'spark.jobGroup.id';
export const DESCRIPTION = 'spark.job.description';
export const INTERRUPT = 'spark.job.interruptOnCancel';
/** Joined with commas. */
export const TAGS = 'spark.job.tags';
export const POOL = 'spark.scheduler.pool';

export type Properties = ReadonlyMap<string, string>;

export const tagsIn = (properties: Properties): string[] => {
  const text = properties.get(TAGS);
  return text === undefined || text === '' ? [] : text.split(',');
};

export const poolIn = (properties: Properties): string => properties.get(POOL) ?? DEFAULT_POOL;
