/**
 * Who is late? Delays of 20,000 flights inside the USA by airport, route, weekday and hour.
 *
 *   ./bin/spark-submit examples/flights.ts
 *
 * Joins the flights with the table of airports; the small table of weekdays goes out as a broadcast variable.
 * Data: flights-20k.json and airports.csv of the npm package vega-datasets (a development dependency of this repository).
 */
import { fileURLToPath } from 'node:url';
import { SparkSession } from 'emberloom';

type Flight = { date: string; delay: number; distance: number; origin: string; destination: string };
type Airport = { name: string; city: string; state: string };
type Delays = { flights: number; minutes: number; late: number };

/** A flight counts as late from a quarter of an hour on, as in the official statistics. */
const LATE_MINUTES = 15;
const PARTITIONS = 4;
const NONE: Delays = { flights: 0, minutes: 0, late: 0 };

const addFlight = (d: Delays, delay: number): Delays => ({
  flights: d.flights + 1,
  minutes: d.minutes + delay,
  late: d.late + (delay >= LATE_MINUTES ? 1 : 0),
});
const addDelays = (a: Delays, b: Delays): Delays => ({
  flights: a.flights + b.flights,
  minutes: a.minutes + b.minutes,
  late: a.late + b.late,
});
const mean = (d: Delays) => d.minutes / d.flights;
const show = (d: Delays) =>
  `${String(d.flights).padStart(6)} flights ${mean(d).toFixed(1).padStart(6)} min ${((100 * d.late) / d.flights).toFixed(1).padStart(5)} % late`;

/** One line of CSV with "quoted, fields". */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

const table = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.resolve('vega-datasets')));
const spark = SparkSession.builder().appName('Flights').getOrCreate();
const sc = spark.sparkContext;

const flights = sc
  .wholeTextFiles(table('flights-20k.json'))
  .flatMap(([, text]) => JSON.parse(text) as Flight[])
  .repartition(PARTITIONS)
  .cache();
const airports = sc
  .textFile(table('airports.csv'))
  .filter((line) => !line.startsWith('iata,'))
  .map((line): [string, Airport] => {
    const [iata = '', name = '', city = '', state = ''] = fields(line);
    return [iata, { name, city, state }];
  });

console.log(`${await flights.count()} flights, ${await airports.count()} airports`);

console.log('\nAirports with the latest departures (100 flights and more)');
const byAirport = await flights
  .map((f) => [f.origin, f.delay])
  .aggregateByKey(NONE, addFlight, addDelays, PARTITIONS)
  .filter(([, d]) => d.flights >= 100)
  .join(airports)
  .takeOrdered(10, ([a, [x]], [b, [y]]) => mean(y) - mean(x) || (a < b ? -1 : 1));
for (const [iata, [d, airport]] of byAirport) console.log(`  ${iata} ${`${airport.city}, ${airport.state}`.padEnd(24)}${show(d)}`);

console.log('\nWeekdays');
const weekdays = sc.broadcast(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']);
const byDay = await flights
  .map((f) => [new Date(`${f.date.slice(0, 10).replaceAll('/', '-')}T00:00:00Z`).getUTCDay(), f.delay])
  .aggregateByKey(NONE, addFlight, addDelays, PARTITIONS)
  .sortByKey()
  .map(([day, d]) => ({ name: weekdays.value[day]!, delays: d }))
  .collect();
for (const { name, delays } of byDay) console.log(`  ${name.padEnd(10)}${show(delays)}`);

console.log('\nDelays grow over the day');
const byHour = await flights
  .map((f) => [Math.floor(Number(f.date.slice(11, 13)) / 4) * 4, f.delay])
  .aggregateByKey(NONE, addFlight, addDelays, PARTITIONS)
  .sortByKey()
  .collect();
for (const [hour, d] of byHour) console.log(`  ${String(hour).padStart(2, '0')}:00 to ${String(hour + 3).padStart(2, '0')}:59 ${show(d)}`);

console.log('\nRoutes between states with the most flights');
const stateOf = airports.mapValues((airport) => airport.state);
const byRoute = await flights
  .map((f) => [f.origin, f])
  .join(stateOf)
  .map(([, [f, from]]) => [f.destination, { from, delay: f.delay }])
  .join(stateOf)
  .map(([, [{ from, delay }, to]]) => [`${from} → ${to}`, delay])
  .aggregateByKey(NONE, addFlight, addDelays, PARTITIONS)
  .takeOrdered(8, ([a, x], [b, y]) => y.flights - x.flights || (a < b ? -1 : 1));
for (const [route, d] of byRoute) console.log(`  ${route.padEnd(10)}${show(d)}`);
await spark.stop();
