// Visits to pages become sessions: a pause of more than half an hour begins a new one. Windows, a table of users with missing ids, and SQL over a view.
//   bin/spark-submit examples/sessions.ts
import { functions as F, SparkSession, Window } from 'emberloom';

await using spark = SparkSession.builder().appName('sessions').getOrCreate();
spark.conf.set('spark.sql.session.timeZone', 'UTC');

const visit = (user: string | null, at: string, page: string) => ({ user, at: new Date(`2026-03-01T${at}:00Z`), page });
const visits = spark.createDataFrame([
  visit('ann', '09:00', '/'),
  visit('ann', '09:10', '/books'),
  visit('ann', '11:30', '/'),
  visit('bob', '09:05', '/'),
  visit(null, '09:07', '/help'),
  visit(null, '09:20', '/books'),
]);
const users = spark.createDataFrame(
  [
    ['ann', 'Ann Lee'],
    ['bob', 'Bob Ray'],
    [null, 'a guest'],
  ],
  'id STRING, name STRING',
);

const byTime = Window.partitionBy('user').orderBy('at');
const pause = F.unix_timestamp('at').minus(F.unix_timestamp(F.lag('at', 1).over(byTime)));
const sessions = visits
  .withColumn('begins', F.when(pause.isNull().or(pause.gt(30 * 60)), 1).otherwise(0))
  .withColumn('session', F.sum('begins').over(byTime.rowsBetween(Window.unboundedPreceding, Window.currentRow)))
  .groupBy('user', 'session')
  .agg(F.min('at').as('start'), F.count('*').as('pages'), F.array_join(F.sort_array(F.collect_list('page')), ' ').as('seen'));

// <=>: the visits without a user belong to the guest.
const named = sessions
  .join(users, sessions.col('user').eqNullSafe(users.col('id')), 'left')
  .select('name', 'session', 'start', 'pages', 'seen');
await named.orderBy('name', 'session').show(20, false);

void named.createOrReplaceTempView('named');
for (const row of await spark
  .sql('SELECT name, count(*) AS sessions, sum(pages) AS pages FROM named GROUP BY name ORDER BY name')
  .collect())
  console.log(`${row.name}: ${row.sessions} sessions, ${row.pages} pages`);
