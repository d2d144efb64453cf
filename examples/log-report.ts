/**
 * A day's report from a web server's access log in Combined Log Format: what was asked for, by whom, and how it went.
 *
 *   ./bin/spark-submit examples/log-report.ts [logs] [networks.csv]
 *
 * `logs` may be a glob, or several paths with commas; a rotated, gzipped log is read as it is. The client addresses are joined with a table of networks, and the
 * status codes with their classes. Lines that are no log lines are counted, not hidden.
 */
import { fileURLToPath } from 'node:url';
import { SparkSession } from 'emberloom';

type Hit = { client: string; day: string; hour: string; method: string; page: string; status: number; bytes: number; referrer: string };
type Totals = { hits: number; bytes: number; errors: number };

/** %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i" */
const LINE = /^(\S+) \S+ \S+ \[(\d{2}\/\w{3}\/\d{4}):(\d{2}):\d{2}:\d{2} [+-]\d{4}\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-) "([^"]*)" "[^"]*"$/;

const STATUS_CLASSES: [number, string][] = [
  [1, 'informational'],
  [2, 'success'],
  [3, 'redirect'],
  [4, 'client error'],
  [5, 'server error'],
];

function parse(line: string): Hit | undefined {
  const m = LINE.exec(line);
  if (m === null) return undefined;
  const [, client = '', day = '', hour = '', method = '', target = '', status, bytes, referrer = ''] = m;
  return {
    client,
    day,
    hour,
    method,
    page: target.replace(/\?.*/, ''),
    status: Number(status),
    bytes: bytes === '-' ? 0 : Number(bytes),
    referrer,
  };
}

/** 10.20.3.4 → 10.20: the offices have a /16 each. */
const networkOf = (address: string) => address.split('.', 2).join('.');
const add = (a: Totals, b: Totals): Totals => ({ hits: a.hits + b.hits, bytes: a.bytes + b.bytes, errors: a.errors + b.errors });
const totalsOf = (hit: Hit): Totals => ({ hits: 1, bytes: hit.bytes, errors: hit.status >= 400 ? 1 : 0 });

// Files named like this go along when the program itself goes into the cluster.
const ours = [new URL('./data/access.log', import.meta.url), new URL('./data/access.log.1.gz', import.meta.url)].map((url) =>
  fileURLToPath(url),
);
const [logs = ours.join(','), networkTable = fileURLToPath(new URL('./data/networks.csv', import.meta.url))] = process.argv.slice(2);
const spark = SparkSession.builder().appName('LogReport').getOrCreate();
const sc = spark.sparkContext;

const lines = sc.textFile(logs);
const hits = lines
  .flatMap((line) => {
    const hit = parse(line);
    return hit === undefined ? [] : [hit];
  })
  .cache();

// An accumulator that an action adds to counts every line once, however often a task had to be tried.
const strange = sc.longAccumulator('lines that are no log lines');
await lines.foreach((line) => {
  if (parse(line) === undefined) strange.add(1);
});
console.log(`${await hits.count()} requests, ${strange.value} lines that are no log lines`);

console.log('\nBy status class');
const classes = await hits
  .map((hit) => [Math.floor(hit.status / 100), 1])
  .reduceByKey((a, b) => a + b)
  .join(sc.parallelize(STATUS_CLASSES))
  .sortByKey()
  .collect();
for (const [first, [count, name]] of classes) console.log(`  ${first}xx ${name.padEnd(14)}${String(count).padStart(7)}`);

console.log('\nPages most asked for');
const pages = await hits
  .map((hit) => [hit.page, totalsOf(hit)])
  .reduceByKey(add)
  .takeOrdered(10, ([a, x], [b, y]) => y.hits - x.hits || (a < b ? -1 : 1));
for (const [page, { hits: count, bytes, errors }] of pages) {
  console.log(
    `  ${page.padEnd(28)}${String(count).padStart(6)} requests ${(bytes / 1e6).toFixed(2).padStart(8)} MB ${String(errors).padStart(4)} errors`,
  );
}

console.log('\nBy office');
const offices = sc
  .textFile(networkTable)
  .filter((line) => line !== '' && !line.startsWith('network'))
  .map((line) => {
    const [network = '', office = ''] = line.split(',');
    return [networkOf(network), office];
  });
const traffic = hits.map((hit) => [networkOf(hit.client), hit]);
const byOffice = await traffic
  .leftOuterJoin(offices)
  .map(([, [hit, office]]) => [office ?? 'elsewhere', hit])
  .aggregateByKey(
    { totals: { hits: 0, bytes: 0, errors: 0 } as Totals, clients: [] as string[] },
    (seen, hit) => ({
      totals: add(seen.totals, totalsOf(hit)),
      clients: seen.clients.includes(hit.client) ? seen.clients : [...seen.clients, hit.client],
    }),
    (a, b) => ({ totals: add(a.totals, b.totals), clients: [...new Set([...a.clients, ...b.clients])] }),
  )
  .sortByKey()
  .collect();
for (const [office, { totals, clients }] of byOffice) {
  const rate = ((100 * totals.errors) / totals.hits).toFixed(1);
  console.log(
    `  ${office.padEnd(12)}${String(totals.hits).padStart(6)} requests from ${String(clients.length).padStart(3)} machines, ${rate.padStart(4)} % errors`,
  );
}

console.log('\nBroken links: pages that answered 404, and where the link stands');
const broken = await hits
  .filter((hit) => hit.status === 404 && hit.referrer !== '-')
  .map((hit) => [`${hit.page} linked from ${hit.referrer}`, 1])
  .reduceByKey((a, b) => a + b)
  .takeOrdered(5, ([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
for (const [link, count] of broken) console.log(`${String(count).padStart(5)}  ${link}`);

console.log('\nBusiest hour of each day');
const busiest = await hits
  .map((hit) => [`${hit.day} ${hit.hour}`, 1])
  .reduceByKey((a, b) => a + b)
  .map(([time, count]): [string, [string, number]] => [time.slice(0, 11), [time.slice(12), count]])
  .reduceByKey((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a))
  .sortByKey()
  .collect();
for (const [day, [hour, count]] of busiest) console.log(`  ${day} ${hour}:00 ${String(count).padStart(6)} requests`);
await spark.stop();
