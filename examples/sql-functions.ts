/**
 * Visits of a web shop with four kinds of functions of the program in SQL: for each row, for each group, rows from rows, and with promises.
 *
 *   ./bin/spark-submit examples/sql-functions.ts
 *
 * They run where the query runs, in executors too, with all that they capture.
 */
import { setTimeout } from 'node:timers/promises';
import { Aggregator, functions as F, SparkSession } from 'emberloom';

const spark = SparkSession.builder().appName('Functions in SQL').getOrCreate();

await spark
  .createDataFrame(
    [
      ['ann', 0, '/', 120],
      ['ann', 40, '/books', 300],
      ['bob', 55, '/games', 80],
      ['ann', 2000, '/books?q=sea', 150],
      ['bob', 70, '/games/chess', 95],
      ['cid', 10, '/', 600],
      ['ann', 2030, '/cart', 90],
      ['bob', 4000, '/', 110],
    ],
    'visitor STRING, second INT, path STRING, millis INT',
  )
  .createOrReplaceTempView('visits');

// A value for each row. What the function captures goes with it.
const names = new Map([['', 'front page']]);
spark.udf.register(
  'section',
  (path: string) => {
    const [, first = ''] = /^\/(\w*)/.exec(path) ?? [];
    return names.get(first) ?? first;
  },
  'string',
);
await spark.sql('SELECT section(path) AS section, count(*) AS visits FROM visits GROUP BY ALL ORDER BY visits DESC, section').show();

// A value for each group. Each task has a buffer of its own, and the buffers are merged.
class GeometricMean extends Aggregator<number, { logs: number; n: number }, number | null> {
  zero = () => ({ logs: 0, n: 0 });
  reduce = ({ logs, n }: { logs: number; n: number }, x: number) => ({ logs: logs + Math.log(x), n: n + 1 });
  merge = (a: { logs: number; n: number }, b: { logs: number; n: number }) => ({ logs: a.logs + b.logs, n: a.n + b.n });
  finish = ({ logs, n }: { logs: number; n: number }) => (n === 0 ? null : Math.round(Math.exp(logs / n)));
  override readonly bufferEncoder = 'logs DOUBLE, n INT';
  readonly outputEncoder = 'int';
}
spark.udf.register('typical', F.udaf(new GeometricMean(), 'double'));
await spark
  .sql(
    "SELECT visitor, typical(millis) AS millis, typical(millis) FILTER (WHERE path <> '/') AS inside FROM visits GROUP BY visitor ORDER BY visitor",
  )
  .show();

// Rows from rows: an object of the class sees the visits of one visitor in order, and gives a row for each session that has ended.
class Sessions {
  #from: number | undefined;
  #last = 0;
  #pages = 0;
  #visitor = '';
  *eval(visit: { visitor: string; second: number }) {
    if (this.#from !== undefined && visit.second - this.#last > 1800) yield* this.terminate();
    this.#from ??= visit.second;
    this.#last = visit.second;
    this.#visitor = visit.visitor;
    this.#pages++;
  }
  *terminate() {
    yield [this.#visitor, this.#from, this.#pages];
    this.#from = undefined;
    this.#pages = 0;
  }
}
spark.udtf.register('sessions', F.udtf(Sessions, 'visitor STRING, started INT, pages INT'));
await spark.sql('SELECT * FROM sessions(TABLE(visits) PARTITION BY visitor ORDER BY second) ORDER BY visitor, started').show();

// With promises: 16 of them are awaited at a time. Here a clock stands for somebody else's service.
spark.udf.register(
  'country',
  async (visitor: string) => {
    await setTimeout(5);
    return { ann: 'NZ', bob: 'IS' }[visitor] ?? null;
  },
  'string',
);
await spark
  .sql('SELECT country(visitor) AS country, count(DISTINCT visitor) AS visitors FROM visits GROUP BY 1 ORDER BY 1 NULLS LAST')
  .show();

await spark.stop();
