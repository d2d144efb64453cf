// window(), session_window() and window_time(): the examples of Spark's documentation with its answers, and what they refuse.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const EVENTS =
  "VALUES ('A1', '2021-01-01 00:00:00'), ('A1', '2021-01-01 00:04:30'), ('A1', '2021-01-01 00:06:00'), ('A2', '2021-01-01 00:01:00') AS tab(a, b)";
const SESSIONS = EVENTS.replace('00:06:00', '00:10:00').replace(' AS tab', ", ('A2', '2021-01-01 00:04:30') AS tab");
const schema = 'struct<a:string,start:timestamp,end:timestamp,cnt:bigint>';
const row = (a: string, start: string, end: string, n: number) => `${a}\t${start}\t${end}\t${n}`;
const day = (time: string) => `2021-01-01 ${time}`;

it.each<[string, object]>([
  [
    `SELECT a, window.start, window.end, count(*) AS cnt FROM ${EVENTS} GROUP BY a, window(b, '5 minutes') ORDER BY a, start`,
    {
      schema,
      output: [
        row('A1', day('00:00:00'), day('00:05:00'), 2),
        row('A1', day('00:05:00'), day('00:10:00'), 1),
        row('A2', day('00:00:00'), day('00:05:00'), 1),
      ].join('\n'),
    },
  ],
  [
    `SELECT a, window.start, window.end, count(*) AS cnt FROM ${EVENTS} GROUP BY a, window(b, '10 minutes', '5 minutes') ORDER BY a, start`,
    {
      schema,
      output: [
        row('A1', '2020-12-31 23:55:00', day('00:05:00'), 2),
        row('A1', day('00:00:00'), day('00:10:00'), 3),
        row('A1', day('00:05:00'), day('00:15:00'), 1),
        row('A2', '2020-12-31 23:55:00', day('00:05:00'), 1),
        row('A2', day('00:00:00'), day('00:10:00'), 1),
      ].join('\n'),
    },
  ],
  [
    `SELECT a, session_window.start, session_window.end, count(*) AS cnt FROM ${SESSIONS} GROUP BY a, session_window(b, CASE WHEN a = 'A1' THEN '5 minutes' WHEN a = 'A2' THEN '1 minute' ELSE '10 minutes' END) ORDER BY a, start`,
    {
      schema,
      output: [
        row('A1', day('00:00:00'), day('00:09:30'), 2),
        row('A1', day('00:10:00'), day('00:15:00'), 1),
        row('A2', day('00:01:00'), day('00:02:00'), 1),
        row('A2', day('00:04:30'), day('00:05:30'), 1),
      ].join('\n'),
    },
  ],
  [
    `SELECT a, window_time(window) AS t, cnt FROM (SELECT a, window, count(*) AS cnt FROM ${EVENTS} GROUP BY a, window(b, '5 minutes') ORDER BY a, window.start)`,
    {
      schema: 'struct<a:string,t:timestamp,cnt:bigint>',
      output: `A1\t${day('00:04:59.999999')}\t2\nA1\t${day('00:09:59.999999')}\t1\nA2\t${day('00:04:59.999999')}\t1`,
    },
  ],
  [
    "SELECT window(TIMESTAMP_NTZ'2021-01-01 00:07:00', '5 minutes', '5 minutes', '2 minutes').start AS s",
    { schema: 'struct<s:timestamp_ntz>', output: day('00:07:00') },
  ],
  [
    "SELECT count(*) AS n FROM VALUES (TIMESTAMP'2021-01-01'), (NULL) AS t(b) GROUP BY window(b, '1 day')",
    { schema: 'struct<n:bigint>', output: '1' },
  ],
  [
    "SELECT window(TIMESTAMP'2021-01-01', '0 minutes')",
    { error: { condition: 'DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', parameters: expect.anything() } },
  ],
  [
    "SELECT window(TIMESTAMP'2021-01-01', '1 minute', '2 minutes')",
    { error: { condition: 'DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION', parameters: expect.anything() } },
  ],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});
