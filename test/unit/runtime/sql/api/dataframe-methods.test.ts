// DataFrame's methods that are more than one operator: the same programs as in test/oracle/dataframe-methods.py, whose answers are PySpark 4.0.1's.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataFrame } from '../../../../../src/runtime/sql/api/dataframe.ts';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { Observation } from '../../../../../src/runtime/sql/api/observation.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';
import { peopleAndDepts } from '../../../../helpers/people.ts';
import { TypedSession } from '../../../../helpers/typed-session.ts';

const { col } = F;
const spark = new TestSession({ 'spark.sql.session.timeZone': 'UTC' });
afterAll(() => spark.close());

type Answer = { readonly show?: readonly string[]; readonly types?: unknown; readonly value?: unknown; readonly error?: string };
const ANSWERS: { readonly [name: string]: Answer } = JSON.parse(
  readFileSync(new URL('../../../../fixtures/sql/dataframe-methods.json', import.meta.url), 'utf8'),
);

const { people, depts } = peopleAndDepts(spark);
const [p, d] = [people.alias('p'), depts.alias('d')];
const titles = () => d.where(col('d.dept').eq(col('p.dept').outer())).select('title');

async function observed() {
  const observation = new Observation('seen');
  const df = people.observe(observation, F.count(F.lit(1)).as('rows'), F.max('age').as('oldest'), F.sum('pay').as('pay'));
  await df.filter('id < 3').collect();
  return Object.fromEntries(Object.entries(await observation.get()).map(([k, v]) => [k, String(v).toLowerCase()]));
}

const CASES: { readonly [name: string]: () => DataFrame<any> | Promise<unknown> } = {
  crosstab: () => people.crosstab('dept', 'age').orderBy('dept_age'),
  'crosstab of numbers': () => people.stat.crosstab('id', 'dept').orderBy('id_dept'),
  transpose: () => people.select('id', 'age').transpose(),
  'transpose by a name': () => people.select('name', 'age', 'pay').transpose('name'),
  'transpose by a column': () => people.select('age', 'id').orderBy('id').transpose(people.col('id')),
  'transpose of one column': () => people.select('name').transpose(),
  'transpose without rows': () => people.filter('id > 9').select('id', 'age').transpose(),
  'transpose of several types': () => people.select('id', 'age', 'name').transpose(),
  'transpose by an array': () => people.select(F.array('id'), 'age').transpose(),
  'transpose of types that do not fit': () => people.select('id', F.array('age'), F.struct('age')).transpose(),
  groupingSets: () =>
    people
      .groupingSets([[col('dept'), col('age')], [col('dept')], []], 'dept', 'age')
      .agg(F.count('*').as('n'), F.grouping_id().as('g'))
      .orderBy('g', 'dept', 'age'),
  scalar: () => people.select('id', depts.filter("dept = 'PR'").select('title').scalar().as('t')).orderBy('id'),
  'scalar of the row': () => p.select('id', titles().scalar().as('t')).orderBy('id'),
  exists: () =>
    p
      .where(d.where(col('d.dept').eq(col('p.dept').outer())).exists())
      .select('id')
      .orderBy('id'),
  'not exists': () =>
    p
      .where(
        d
          .where(col('p.dept').outer().eq(col('d.dept')))
          .exists()
          .not(),
      )
      .select('id')
      .orderBy('id'),
  'scalar of two columns': () => people.select(depts.scalar()),
  'outer of nothing': () => people.select(depts.where(col('dept').eq(col('nothing').outer())).exists()),
  lateralJoin: () => p.lateralJoin(titles()).select('id', 'title').orderBy('id'),
  'lateralJoin left': () => p.lateralJoin(titles(), undefined, 'left').select('id', 'title').orderBy('id'),
  observe: observed,
  metadata: () => people.withMetadata('id', { k: 1 }).select('id').limit(1),
  sameSemantics: () =>
    Promise.all([
      people.select('id').sameSemantics(people.select('id')),
      people.select('id').sameSemantics(people.select(col('id').as('x'))),
      people.select('id').sameSemantics(people.select('age')),
      people.filter('id > 1').sameSemantics(people.where(col('id').gt(1))),
      people.filter('id > 1').sameSemantics(people.where(col('id').gt(2))),
    ]),
  approxQuantile: () => people.approxQuantile(['age', 'id'], [0, 0.5, 1], 0),
  'corr and cov': async () => [await people.corr('id', 'age'), await people.cov('id', 'age')].map((x) => Number(x.toFixed(12))),
  fillna: () => people.fillna({ age: 0, name: '?' }).select('id', 'name', 'age').orderBy('id'),
  dropna: () => people.dropna('any', ['age', 'dept']).select('id').orderBy('id'),
  replace: () => people.replace({ HR: 'X' }, ['dept']).select('id', 'dept').orderBy('id'),
  drop_duplicates: () => people.drop_duplicates('dept').select('dept').orderBy('dept'),
  localCheckpoint: async () => (await people.localCheckpoint()).select('id').orderBy('id'),
  isStreaming: async () => [people.isStreaming, people.storageLevel.description, people.select('id').cache().storageLevel.description],
};

async function answer(make: () => DataFrame<any> | Promise<unknown>): Promise<Answer> {
  try {
    const made = (await make()) as DataFrame<any>;
    if (typeof made.showString !== 'function') return { value: made };
    return { types: await made.dtypes(), show: (await made.showString(20, false)).split('\n').slice(0, -2) };
  } catch (error) {
    return { error: /\[([A-Z_.]+)\]/.exec((error as Error).message)![1]! };
  }
}

describe('DataFrame methods', () => {
  it.each(Object.entries(CASES))('%s', async (name, make) => {
    expect(await answer(make)).toEqual(ANSWERS[name]);
  });

  it('are the ones that PySpark was asked for', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(ANSWERS).sort());
  });
});

describe('what outlasts an action', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  const typed = new TypedSession(true);
  afterAll(async () => {
    await typed.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a checkpoint is computed once, and needs a folder', async () => {
    const df = typed.range(3);
    expect(() => df.checkpoint()).toThrow('Checkpoint directory has not been set');
    typed.context.checkpoints.setDir(folder);
    const cut = await df.checkpoint();
    expect(await cut.inputFiles()).toHaveLength(1);
    expect(await cut.count()).toBe(3);
    expect(await (await df.checkpoint(false)).count()).toBe(3);
  });

  it('refuses streams and merges as Spark does', () => {
    expect(() => typed.range(1).writeStream).toThrow('WRITE_STREAM_NOT_ALLOWED');
    expect(() => typed.range(1).mergeInto('a.b', F.lit(true))).toThrow(
      /UNSUPPORTED_FEATURE.TABLE_OPERATION.*Table `a`.`b` does not support/,
    );
  });

  it('an observation hears of the first action, writers included, and observes one DataFrame', async () => {
    const observation = new Observation();
    const df = typed.range(5).observe(observation, F.max('id').as('most'));
    expect(() => df.observe(observation, F.count('*').as('n'))).toThrow('only once');
    await df.write.parquet(join(folder, 'observed'));
    expect(await observation.get()).toEqual({ most: 4n });
    const ofFunctions = new Observation();
    const mapped = typed
      .range(5)
      .observe(ofFunctions, F.count('*').as('n'))
      .map(({ id }) => id, 'bigint');
    expect(await mapped.count()).toBe(5);
    expect(await ofFunctions.get()).toEqual({ n: 5n });
    expect(() => new Observation('')).toThrow('Name must not be empty');
  });
});
