// The two small tables that DataFrame methods are tried on, here and in PySpark (test/oracle/dataframe-*.py): NULLs, NaN, a department that is nowhere.
import type { TestSession } from './dataframe-session.ts';

export const peopleAndDepts = (spark: TestSession) => ({
  people: spark.createDataFrame(
    [
      [1, 'Ann', 30, 'HR', 100],
      [2, 'Bob', 25, 'IT', 200],
      [3, 'Cid', null, 'IT', Number.NaN],
      [4, null, 41, 'HR', null],
      [5, 'Eve', 25, null, 50.5],
    ],
    'id int, name string, age int, dept string, pay double',
  ),
  depts: spark.createDataFrame(
    [
      ['HR', 'Human Resources'],
      ['IT', 'Computers'],
      ['PR', 'Press'],
    ],
    'dept string, title string',
  ),
});
