// GEOMETRY and GEOGRAPHY: what Spark 4.2's result files say of statements like these, and WKT of all shapes.
import { afterAll, expect, it } from 'vitest';
import { readWkb, wktOf, writeWkb } from '../../../../../src/runtime/sql/kernel/wkb.ts';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const POINT = "X'0101000000000000000000F03F0000000000000040'";
const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const one = (type: string, output: string) => ({ schema: `struct<v:${type}>`, output });

it.each<[string, object]>([
  [`SELECT ST_GeomFromWKB(${POINT}) AS v`, one('geometry(0)', 'POINT(1 2)')],
  [`SELECT ST_GeomFromWKB(${POINT}, 4326) AS v`, one('geometry(4326)', 'SRID=4326;POINT(1 2)')],
  [`SELECT array(ST_GeogFromWKB(${POINT}), NULL) AS v`, one('array<geography(4326)>', '["SRID=4326;POINT(1 2)",null]')],
  [`SELECT ST_Srid(ST_SetSrid(ST_GeomFromWKB(${POINT}), 3857)) AS v`, one('int', '3857')],
  [`SELECT hex(ST_AsBinary(ST_GeomFromWKB(${POINT}), 'XDR')) AS v`, one('string', '00000000013FF00000000000004000000000000000')],
  [`SELECT CAST(ST_GeogFromWKB(${POINT}) AS GEOMETRY(4326)) AS v`, one('geometry(4326)', 'SRID=4326;POINT(1 2)')],
  [`SELECT typeof(coalesce(ST_GeomFromWKB(${POINT}), ST_GeomFromWKB(${POINT}, 4326))) AS v`, one('string', 'geometry(any)')],
  [`SELECT CAST(ST_GeogFromWKB(${POINT}) AS STRING)`, condition('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION')],
  [`SELECT ST_GeomFromWKB(${POINT}, 9999)`, condition('ST_INVALID_SRID_VALUE')],
  ["SELECT ST_GeomFromWKB(X'6F')", condition('WKB_PARSE_ERROR')],
  ["SELECT ST_GeogFromWKB(X'010100000000000000000069400000000000005940')", condition('WKB_PARSE_ERROR')],
  [`SELECT ST_AsBinary(ST_GeomFromWKB(${POINT}), 'abc')`, condition('ST_INVALID_ENDIANNESS_VALUE')],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});

it('writes and reads all shapes', () => {
  const flat = { hasZ: false, hasM: false };
  const point = { kind: 'point', points: [[1, 2.5]], ...flat } as const;
  const ring = [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ];
  const polygon = { kind: 'polygon', rings: [ring], ...flat } as const;
  const all = {
    kind: 'geometryCollection',
    parts: [
      point,
      polygon,
      { kind: 'multiPoint', parts: [point], ...flat },
      { kind: 'lineString', points: [[1, 2, 3]], hasZ: true, hasM: false },
    ],
    ...flat,
  } as const;
  for (const isLittle of [true, false]) expect(readWkb(writeWkb(all, isLittle), false)).toEqual(all);
  expect(wktOf(all)).toBe('GEOMETRYCOLLECTION(POINT(1 2.5),POLYGON((0 0,1 0,0 1,0 0)),MULTIPOINT((1 2.5)),LINESTRING Z (1 2 3))');
});
