/**
 * Letters of an access log as a typed Dataset: functions of the program between queries, on executors.
 *
 *   ./bin/spark-submit examples/dataset.ts [FILES…]
 *
 * Lines become objects by a function, a query counts them, a function looks at whole visits; rows go from one to the other where they lie.
 */
import { fileURLToPath } from 'node:url';
import { Encoders, functions as F, Observation, SparkSession } from 'emberloom';

const { col, count, desc, max, min, sum } = F;

const spark = SparkSession.builder().appName('Visits as Datasets').getOrCreate();
const ours = fileURLToPath(new URL('./data/access.log', import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : [ours];

class Hit {
  static readonly schema = 'host STRING NOT NULL, minute INT NOT NULL, path STRING, status INT NOT NULL, bytes BIGINT';
  declare host: string;
  declare minute: number;
  declare path: string | null;
  declare status: number;
  declare bytes: bigint | null;

  isError(): boolean {
    return this.status >= 400;
  }
}
const LINE = /^(\S+) \S+ \S+ \[[^:]+:(\d+):(\d+):\d+ [^\]]+\] "\S+ (\S+)[^"]*" (\d{3}) (\d+|-)/;

const observation = new Observation('lines');
const hits = spark.read
  .text(...files)
  .observe(observation, count('*').as('lines'))
  .as(Encoders.STRING)
  .flatMap((line) => {
    const [, host, hours, minutes, path, status, bytes] = LINE.exec(line) ?? [];
    if (host === undefined) return [];
    const minute = Number(hours) * 60 + Number(minutes);
    return [Object.assign(new Hit(), { host, minute, path, status: Number(status), bytes: bytes === '-' ? null : BigInt(bytes!) })];
  }, Encoders.bean(Hit));

// A query over what a function gave.
const totals = await hits
  .agg(count('*').as('hits'), sum('bytes').as('bytes'), min('minute').as('first'), max('minute').as('last'))
  .collect();
console.log(`${totals[0]!.hits} hits, ${totals[0]!.bytes} bytes, minute ${totals[0]!.first} to ${totals[0]!.last}`);

// A function over a query: methods of the class are there.
const errors = hits
  .filter((hit) => hit.isError())
  .groupBy('status')
  .count()
  .orderBy(desc('count'), 'status');
await errors.show();

// Groups: the hits of one host with pauses of at most half an hour are a visit.
const PAUSE = 30;
const visits = hits
  .groupByKey((hit) => hit.host)
  .flatMapGroups((host, of) => {
    const minutes = of
      .map((hit) => hit.minute)
      .toArray()
      .sort((a, b) => a - b);
    const starts = minutes.filter((minute, i) => i === 0 || minute - minutes[i - 1]! > PAUSE);
    return starts.map((start, i) => ({ host, start, hits: minutes.filter((m) => m >= start && m < (starts[i + 1] ?? Infinity)).length }));
  }, 'host STRING, start INT, hits INT');
await visits.orderBy(col('hits').desc(), 'host', 'start').limit(5).show();
console.log(`${await visits.count()} visits in ${(await observation.get()).lines} lines`);

await spark.stop();
