/**
 * Asks a real Spark History Server and ours the same about one application, and compares status, text of refusals, and JSON: structure and
 * values. What may differ is listed in MAY_DIFFER, each with its reason. Used by event-log-proof.ts; by itself:
 *
 *   node bench/lib/rest-comparison.ts <base of Spark's> <base of ours> <application id> …
 */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Answer = { readonly status: number; readonly text: string };

/** Paths below an application, each asked of both servers. */
const OF_APPLICATION = [
  '',
  '/jobs',
  '/jobs?status=succeeded',
  '/jobs?status=FAILED&status=running',
  '/jobs?status=bad',
  '/jobs/0',
  '/jobs/1',
  '/jobs/99',
  '/jobs/x',
  '/stages',
  '/stages?status=complete',
  '/stages?status=failed&status=skipped',
  '/stages?status=bad',
  '/stages?details=true',
  '/stages?details=true&taskStatus=failed',
  '/stages?withSummaries=true',
  '/stages?withSummaries=true&quantiles=0.1,0.9',
  '/stages?quantiles=a',
  '/stages/0',
  '/stages/0?details=false',
  '/stages/0?details=false&withSummaries=true&quantiles=0.0,1.0',
  '/stages/0?taskStatus=SUCCESS',
  '/stages/0?taskStatus=bad',
  '/stages/99',
  '/stages/x',
  '/stages/0/0',
  '/stages/0/0?withSummaries=true',
  '/stages/0/0?details=false',
  '/stages/0/9',
  '/stages/99/0',
  '/stages/0/0/taskSummary',
  '/stages/0/0/taskSummary?quantiles=0.01,0.5,0.99',
  '/stages/0/0/taskSummary?quantiles=x',
  '/stages/0/0/taskSummary?quantiles=',
  '/stages/99/0/taskSummary',
  '/stages/0/0/taskList',
  '/stages/0/0/taskList?offset=1&length=2',
  '/stages/0/0/taskList?length=0',
  '/stages/0/0/taskList?sortBy=runtime',
  '/stages/0/0/taskList?sortBy=-runtime&length=1',
  '/stages/0/0/taskList?sortBy=bad',
  '/stages/0/0/taskList?sortBy=ID',
  '/stages/0/0/taskList?status=success',
  '/stages/0/0/taskList?status=failed',
  '/stages/0/0/taskList?status=bad',
  '/stages/0/0/taskList?offset=x',
  '/stages/99/0/taskList',
  '/stages/0/9/taskList',
  '/executors',
  '/allexecutors',
  '/executors/driver/threads',
  '/executors/x/threads',
  '/threads',
  '/storage/rdd',
  '/storage/rdd/0',
  '/storage/rdd/99',
  '/storage/rdd/x',
  '/environment',
  '/allmiscellaneousprocess',
  '/sql',
  '/sql?details=false',
  '/sql?planDescription=false&offset=0&length=1',
  '/sql/0',
  '/sql/99',
  '/streaming/statistics',
  '/streaming/receivers',
  '/nothing',
  '/5/jobs',
  '/5',
] as const;
const OF_SERVER = [
  '/version',
  '/applications',
  '/applications?status=completed',
  '/applications?status=running',
  '/applications?status=bad',
  '/applications?minDate=2015-02-10',
  '/applications?minDate=2030-01-01',
  '/applications?maxDate=2015-02-10',
  '/applications?minDate=bad',
  '/applications?minEndDate=2015-02-03T16:42:40.000GMT',
  '/applications?maxEndDate=2015-02-03',
  '/applications?limit=1',
  '/applications?limit=0',
  '/applications?limit=x',
  '/applications/nobody',
  '/applications/nobody/jobs',
  '/nothing',
] as const;

/** `path of the value` → why the two servers can't say the same. */
const MAY_DIFFER: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\.(lastUpdated|lastUpdatedEpoch)$/, 'when the server looked at the file'],
  [/taskMetricsDistributions\.(duration|schedulerDelay)\[\d+\]$/, 'Spark takes the ranks of these two among failed tasks, too'],
];
/** Lists that Spark prints in the order of a hash table. */
const UNORDERED = /\.(classpathEntries|dataDistribution|jobTags)$/;
const inOrder = (list: readonly Json[], at: string): readonly Json[] =>
  UNORDERED.test(at)
    ? list
        .map((item) => JSON.stringify(item))
        .sort()
        .map((item) => JSON.parse(item) as Json)
    : list;

/** Spark answers these with a page of its servlet container. */
const isContainerPage = (text: string): boolean => /^\s*<html/i.test(text);

async function ask(url: string): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual' });
  return { status: answer.status, text: await answer.text() };
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function* differences(spark: Json | undefined, ours: Json | undefined, at: string): Generator<string> {
  if (MAY_DIFFER.some(([pattern]) => pattern.test(at))) return;
  if (spark === undefined) yield `${at}: Spark does not have it; ours ${JSON.stringify(ours)?.slice(0, 100)}`;
  else if (ours === undefined) yield `${at}: missing here; Spark ${JSON.stringify(spark).slice(0, 100)}`;
  else if (Array.isArray(spark) && Array.isArray(ours)) {
    if (spark.length !== ours.length) yield `${at}: Spark has ${spark.length}, ours ${ours.length}`;
    const [left, right] = [inOrder(spark, at), inOrder(ours, at)];
    for (let i = 0; i < Math.min(left.length, right.length); i++) yield* differences(left[i], right[i], `${at}[${i}]`);
  } else if (
    typeof spark === 'object' &&
    typeof ours === 'object' &&
    spark !== null &&
    ours !== null &&
    !Array.isArray(spark) &&
    !Array.isArray(ours)
  ) {
    for (const name of new Set([...Object.keys(spark), ...Object.keys(ours)])) yield* differences(spark[name], ours[name], `${at}.${name}`);
  } else if (spark !== ours) yield `${at}: Spark ${JSON.stringify(spark).slice(0, 160)}, ours ${JSON.stringify(ours).slice(0, 160)}`;
}

/** @returns what differs, a line each */
export async function compareRest(
  spark: string,
  ours: string,
  applications: readonly string[],
): Promise<{ asked: number; faults: string[] }> {
  const paths = [...OF_SERVER, ...applications.flatMap((id) => OF_APPLICATION.map((path) => `/applications/${id}${path}`))];
  const faults: string[] = [];
  for (const path of paths) {
    const [theirs, mine] = [await ask(`${spark}/api/v1${path}`), await ask(`${ours}/api/v1${path}`)];
    if (theirs.status === 500 && mine.status < 500) continue; // a fault of Spark's: nothing to be like
    if (theirs.status !== mine.status) {
      faults.push(`${path}: Spark answers ${theirs.status} ${theirs.text.slice(0, 120)}, ours ${mine.status} ${mine.text.slice(0, 120)}`);
      continue;
    }
    const [a, b] = [jsonOf(theirs.text), jsonOf(mine.text)];
    if (theirs.status !== 200 || a === undefined) {
      if (!isContainerPage(theirs.text) && theirs.text !== mine.text)
        faults.push(`${path}: Spark says "${theirs.text.slice(0, 160)}", ours "${mine.text.slice(0, 160)}"`);
      continue;
    }
    for (const difference of differences(a, b, '')) faults.push(`${path} ${difference}`);
  }
  return { asked: paths.length, faults };
}

if (import.meta.main) {
  const [spark, ours, ...ids] = process.argv.slice(2);
  const { asked, faults } = await compareRest(spark!, ours!, ids);
  for (const fault of faults) console.log(fault);
  console.log(`${asked} requests, ${faults.length} differences`);
}
