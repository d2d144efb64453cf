// DataFrame's methods: the same programs as in test/fixtures/sql/dataframe-answers.json, whose tables PySpark 4.0.1 printed.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataFrame } from '../../../../../src/runtime/sql/api/dataframe.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { Window } from '../../../../../src/runtime/sql/api/window.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';
import { peopleAndDepts } from '../../../../helpers/people.ts';

const { col, lit, when } = F;
const spark = new TestSession({ 'spark.sql.session.timeZone': 'UTC' });
afterAll(() => spark.close());

type Answer = { readonly show: readonly string[]; readonly types: readonly (readonly [string, string])[] };
const ANSWERS: { readonly [name: string]: Answer } = JSON.parse(
  readFileSync(new URL('../../../../fixtures/sql/dataframe-answers.json', import.meta.url), 'utf8'),
);

const { people, depts } = peopleAndDepts(spark);
const nums = spark.range(6);

const CASES: { readonly [name: string]: () => DataFrame<any> } = {
  'select names': () => people.select('id', 'name'),
  'select columns': () => people.select(people.col('id'), col('age').plus(1).as('next'), col('pay').multiply(2)),
  'select star': () => people.select('*', lit('x').as('x')).limit(1),
  selectExpr: () => people.selectExpr('id * 2 AS twice', 'name'),
  'filter column': () => people.filter(col('age').geq(30)),
  'filter text': () => people.where("dept = 'IT' or age is null"),
  'between isin': () => people.filter(col('age').between(25, 30).and(col('dept').isin('IT', 'HR'))).select('id'),
  'null safe': () =>
    people.select('id', col('dept').eqNullSafe('IT').as('it'), col('dept').isNull().as('none'), col('dept').neq('IT').as('other')),
  arithmetic: () =>
    people.select(col('id').minus(1).as('a'), col('id').divide(2).as('b'), col('id').mod(2).as('c'), col('id').negate().as('d')).limit(2),
  'default names': () =>
    people
      .select(
        col('id').plus(1),
        col('id').minus(1),
        col('id').multiply(2),
        col('id').divide(2),
        col('id').mod(2),
        col('id').eq(1),
        col('id').neq(1),
        col('id').gt(1),
        col('id').gt(1).not(),
        col('id').gt(1).and(col('age').lt(9)),
        col('name').isNull(),
        col('id').cast('string'),
        col('id').isin(1, 2),
        when(col('id').gt(1), 'a').otherwise('b'),
      )
      .limit(0),
  'default names of functions': () => people.select(F.upper('name'), F.coalesce('name', 'dept'), F.length('name')).limit(0),
  'names of aggregates': () => people.agg(F.count('*'), F.sum('age'), F.avg('age'), F.min('id'), F.max('name'), F.countDistinct('dept')),
  when: () => people.select('id', when(col('age').gt(29), 'old').when(col('age').gt(20), 'young').otherwise('?').as('w')),
  'withColumn new': () => people.withColumn('x', col('id').multiply(10)).select('id', 'x'),
  'withColumn replaced': () => people.withColumn('name', F.upper('name')).limit(2),
  withColumns: () =>
    people
      .withColumns({ a: col('id').plus(1), id: col('id').multiply(2) })
      .select('id', 'a')
      .limit(2),
  withColumnRenamed: () => people.withColumnRenamed('name', 'who').withColumnRenamed('nothing', 'x').limit(1),
  drop: () => people.drop('age', 'pay', 'nothing').limit(1),
  'drop column': () => people.drop(people.col('age')).limit(1),
  toDF: () => depts.toDF('a', 'b').limit(1),
  'alias join': () =>
    people
      .alias('p')
      .join(depts.alias('d'), col('p.dept').eq(col('d.dept')))
      .select('p.id', 'd.title')
      .orderBy('id'),
  distinct: () => people.select('dept').distinct().orderBy('dept'),
  dropDuplicates: () => people.select('dept', 'age').dropDuplicates(['dept', 'age']).orderBy('dept', 'age'),
  'orderBy desc': () => people.orderBy(F.desc('age'), 'id').select('id', 'age'),
  'orderBy nulls': () => people.orderBy(col('age').asc_nulls_last(), col('id').desc()).select('id', 'age'),
  'sort by dropped': () => people.select('name').orderBy(people.col('id').desc()),
  'limit offset': () => people.orderBy('id').offset(1).limit(2).select('id'),
  'groupBy count': () => people.groupBy('dept').count().orderBy('dept'),
  'groupBy agg': () => people.groupBy('dept').agg(F.sum('age').as('s'), F.max('name'), F.avg('pay')).orderBy('dept'),
  'groupBy dict': () => people.groupBy('dept').agg({ age: 'max' }).orderBy('dept'),
  'groupBy sum': () => people.groupBy('dept').sum('age', 'id').orderBy('dept'),
  'groupBy all numbers': () => people.select('dept', 'id', 'age').groupBy('dept').max().orderBy('dept'),
  'groupBy expression': () => people.groupBy(col('id').mod(2).as('odd')).agg(F.count('*').as('n')).orderBy('odd'),
  rollup: () => people.rollup('dept', 'age').agg(F.count('*').as('n')).orderBy('dept', 'age', 'n'),
  cube: () => people.cube('dept').agg(F.sum('age')).orderBy('dept', 'sum(age)'),
  'pivot values': () => people.groupBy('age').pivot('dept', ['HR', 'IT']).agg(F.sum('id')).orderBy('age'),
  'pivot asked': () => people.filter('dept is not null').groupBy('age').pivot('dept').sum('id').orderBy('age'),
  'pivot two': () => people.groupBy('age').pivot('dept', ['HR']).agg(F.sum('id').as('s'), F.count('id').as('c')).orderBy('age'),
  'join using': () => people.join(depts, 'dept').orderBy('id'),
  'join using left': () => people.join(depts, ['dept'], 'left').select('id', 'dept', 'title').orderBy('id'),
  'join using full': () => people.join(depts, 'dept', 'full').select('dept', 'id', 'title').orderBy('dept', 'id'),
  'join on': () =>
    people
      .join(depts, people.col('dept').eq(depts.col('dept')), 'left_outer')
      .select(people.col('id'), depts.col('dept'))
      .orderBy('id'),
  'join semi': () => depts.join(people, 'dept', 'left_semi').orderBy('dept'),
  'join anti': () => depts.join(people, 'dept', 'left_anti'),
  crossJoin: () => depts.select('dept').crossJoin(nums.limit(2)).orderBy('dept', 'id'),
  'self join': () =>
    people
      .alias('a')
      .join(people.alias('b'), col('a.age').eq(col('b.age')))
      .select('a.id', col('b.id').as('other'))
      .orderBy('id', 'other'),
  union: () => depts.union(depts.limit(1)).orderBy('dept'),
  unionByName: () => depts.unionByName(depts.select('title', 'dept')).orderBy('dept', 'title'),
  'unionByName missing': () => depts.unionByName(nums.limit(1), { allowMissingColumns: true }).orderBy('dept', 'id'),
  'intersect except': () =>
    people
      .select('dept')
      .intersect(depts.select('dept'))
      .union(depts.select('dept').exceptAll(people.select('dept')))
      .orderBy('dept'),
  'na fill number': () => people.na.fill(0).orderBy('id'),
  'na fill text': () => people.na.fill('?', ['name']).orderBy('id'),
  'na fill map': () => people.na.fill({ age: 1, dept: 'none' }).orderBy('id'),
  'na drop': () => people.na.drop().orderBy('id'),
  'na drop all': () => people.na.drop('all', ['age', 'pay']).orderBy('id'),
  'na drop thresh': () => people.na.drop(4).select('id').orderBy('id'),
  'na replace': () =>
    people.na
      .replace(new Map([[25, 26]]))
      .select('id', 'age')
      .orderBy('id'),
  'na replace text': () => people.na.replace({ IT: 'Tech' }, ['dept']).select('id', 'dept').orderBy('id'),
  describe: () => people.select('id', 'name').describe(),
  summary: () => people.select('id').summary(),
  'summary chosen': () => people.summary('count', 'min', 'count_distinct').select('summary', 'age', 'dept'),
  unpivot: () =>
    people
      .select(col('id'), col('age'), col('id'))
      .toDF('k', 'a', 'b')
      .unpivot(['k'], ['a', 'b'], 'what', 'v')
      .orderBy('k', 'what')
      .limit(4),
  window: () =>
    people
      .select(
        'id',
        F.row_number()
          .over(Window.partitionBy('dept').orderBy(F.desc('id')))
          .as('r'),
        F.sum('age').over(Window.orderBy('id').rowsBetween(-1, 0)).as('s'),
      )
      .orderBy('id'),
  'window frame': () =>
    people
      .select(
        'id',
        F.sum('id').over(Window.orderBy('id').rowsBetween(Window.unboundedPreceding, Window.currentRow)).as('s'),
        F.lag('id', 1).over(Window.orderBy('id')).as('l'),
      )
      .orderBy('id'),
  cast: () => people.select(col('id').cast('double'), col('age').cast('string').as('t')).limit(1),
  'range step': () => spark.range(10, 0, -3),
  expr: () => people.select(F.expr('age + id AS e')).limit(1),
  'sql args': () => spark.sql('select :a + 1 as x, :b as y', { a: 41, b: 'z' }),
  'sql marks': () => spark.sql('select ? as x, ? as y', [1, 'q']),
};

describe('a DataFrame', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const df = CASES[name]!();
    const answer = ANSWERS[name]!;
    expect(await df.dtypes()).toEqual(answer.types);
    expect((await df.showString(100, false)).split('\n').slice(0, -2)).toEqual(answer.show);
  });

  it('has as many cases as answers', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(ANSWERS).sort());
  });
});
