import { describe, expect, it } from 'vitest';
import { parseTableSchema } from '../../../../../../src/runtime/sql/parser/parse.ts';
import { partitionClauses } from '../../../../../../src/runtime/sql/sources/jdbc/jdbc-partitions.ts';

const schema = parseTableSchema('id INT, day DATE, at TIMESTAMP');
const clauses = (column: string, lower: string, upper: string, count: number) =>
  partitionClauses({ column, lower, upper, count }, schema, (name) => `"${name}"`);

describe('partitions of a JDBC source', () => {
  it('have equal strides; rows outside of the bounds are in the first and the last', () => {
    expect(clauses('ID', '0', '100', 4)).toEqual([
      '"id" < 25 or "id" is null',
      '"id" >= 25 AND "id" < 50',
      '"id" >= 50 AND "id" < 75',
      '"id" >= 75',
    ]);
  });

  it('are no more than there are values', () => {
    expect(clauses('id', '0', '2', 40)).toEqual(['"id" < 1 or "id" is null', '"id" >= 1']);
    expect(clauses('id', '5', '5', 40)).toEqual([undefined]);
    expect(clauses('id', '0', '1', 40)).toEqual([undefined]);
  });

  // What JDBCRelation of PySpark 4.0.1 has: number of partitions, the first two and the last one.
  it.each([
    [
      'day',
      '1930-01-01',
      '2020-12-31',
      1000,
      1000,
      `"day" < '1930-06-02' or "day" is null`,
      `"day" >= '1930-06-02' AND "day" < '1930-07-05'`,
      `"day" >= '2020-08-02'`,
    ],
    ['id', '0', '100', 7, 7, '"id" < 15 or "id" is null', '"id" >= 15 AND "id" < 29', '"id" >= 85'],
    ['id', '-7', '100', 9, 9, '"id" < 8 or "id" is null', '"id" >= 8 AND "id" < 19', '"id" >= 85'],
    [
      'at',
      '2018-07-04 03:30:00.0',
      '2018-07-27 14:11:05.0',
      3,
      3,
      `"at" < '2018-07-11 23:03:41.666667' or "at" is null`,
      `"at" >= '2018-07-11 23:03:41.666667' AND "at" < '2018-07-19 18:37:23.333333'`,
      `"at" >= '2018-07-19 18:37:23.333333'`,
    ],
    [
      'id',
      '0',
      '9223372036854775807',
      3,
      3,
      '"id" < 3074457345618258602 or "id" is null',
      '"id" >= 3074457345618258602 AND "id" < 6148914691236517204',
      '"id" >= 6148914691236517204',
    ],
  ])('%s from %s to %s in %i are cut where Spark cuts them', (column, lower, upper, count, n, first, second, last) => {
    const made = clauses(column, lower, upper, count);
    expect([made.length, made[0], made[1], made.at(-1)]).toEqual([n, first, second, last]);
  });

  it('are of days and times, too', () => {
    expect(clauses('day', '2024-01-01', '2024-01-05', 2)).toEqual([`"day" < '2024-01-03' or "day" is null`, `"day" >= '2024-01-03'`]);
    expect(clauses('at', '2024-01-01', '2024-01-01 12:00:00', 2)).toEqual([
      `"at" < '2024-01-01 06:00:00' or "at" is null`,
      `"at" >= '2024-01-01 06:00:00'`,
    ]);
  });
});
