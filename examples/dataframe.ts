/**
 * A shop's month as DataFrames: totals by department, each department's best seller, who earned a discount.
 *
 *   ./bin/spark-submit examples/dataframe.ts
 *
 * Rows of the program become a DataFrame; the same questions are asked with methods and in SQL, and a function of the program stands among them.
 */
import { functions as F, SparkSession, Window } from 'emberloom';

const { col, desc, sum, count, round } = F;

const spark = SparkSession.builder().appName('A shop as DataFrames').getOrCreate();

// A schema as text: TypeScript knows the columns and their types from it.
const sales = spark.createDataFrame(
  [
    [1, 'Ann', 'books', 12.5, 3],
    [2, 'Bob', 'games', 59.9, 1],
    [3, 'Ann', 'games', 24.0, 2],
    [4, 'Cid', 'books', 8.25, 4],
    [5, 'Dora', 'music', 15.0, 2],
    [6, 'Bob', 'music', null, 1],
    [7, 'Eve', 'books', 31.0, 2],
  ],
  'id INT NOT NULL, customer STRING NOT NULL, department STRING NOT NULL, price DOUBLE, pieces INT NOT NULL',
);
await sales.printSchema();

// Nothing is computed before somebody asks for rows: here show() does.
const priced = sales.na.fill(0, ['price']).withColumn('total', col('price').multiply(col('pieces')));
await priced
  .groupBy('department')
  .agg(count('*').as('sales'), round(sum('total'), 2).as('total'))
  .orderBy(desc('total'))
  .show();

// A window: rows of each department, the dearest first.
const byTotal = Window.partitionBy('department').orderBy(desc('total'));
await priced
  .withColumn('place', F.row_number().over(byTotal))
  .filter(col('place').eq(1))
  .select('department', 'customer', 'total')
  .orderBy('department')
  .show();

// The same DataFrame has a name in SQL, and so has a function of this program.
await priced.createOrReplaceTempView('sales');
spark.udf.register('discount', (total: number) => (total >= 48 ? 0.1 : 0), 'double');
await spark
  .sql(
    'SELECT customer, sum(total) AS spent, discount(sum(total)) AS discount FROM sales GROUP BY customer HAVING sum(total) > :least ORDER BY customer',
    {
      least: 20,
    },
  )
  .show();

// Rows come back as objects: `row.pieces` is a number, and TypeScript knows it.
const rows = await sales.filter(col('department').eq('books')).collect();
const pieces = rows.reduce((all, row) => all + row.pieces, 0);
console.log(`${pieces} books were sold to ${rows.map((row) => row.customer).join(', ')}.`);

await spark.stop();
