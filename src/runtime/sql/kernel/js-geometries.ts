// Functions on GEOMETRY and GEOGRAPHY in JavaScript. Their form in the kernel: wkb.ts. Source: stExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';
import { checkSrid } from './srid.ts';
import { kernelGeometry, readWkb, sridOf, WkbError, wkbOf, writeWkb } from './wkb.ts';

const parsed = (wkb: Uint8Array, srid: number, isGeography: boolean): Uint8Array => {
  checkSrid(srid, isGeography);
  try {
    return kernelGeometry(srid, writeWkb(readWkb(wkb, isGeography), true));
  } catch (error) {
    if (!(error instanceof WkbError)) throw error;
    throw new AnalysisException('WKB_PARSE_ERROR', { parseError: error.message, pos: String(error.pos) });
  }
};

export const JS_GEOMETRIES: readonly JsFunction[] = [
  jsFunction(
    'st_geomfromwkb',
    ['BLOB', 'INTEGER'],
    'BLOB',
    byRow((wkb: Uint8Array, srid: number) => parsed(wkb, srid, false)),
  ),
  jsFunction(
    'st_geogfromwkb',
    ['BLOB'],
    'BLOB',
    byRow((wkb: Uint8Array) => parsed(wkb, 4326, true)),
  ),
  jsFunction(
    'st_asbinary',
    ['BLOB', 'VARCHAR'],
    'BLOB',
    byRow((bytes: Uint8Array, endianness: string) => {
      if (endianness !== 'NDR' && endianness !== 'XDR') throw new AnalysisException('ST_INVALID_ENDIANNESS_VALUE', { endianness });
      return writeWkb(readWkb(wkbOf(bytes), false), endianness === 'NDR');
    }),
  ),
  jsFunction('st_srid', ['BLOB'], 'INTEGER', byRow(sridOf)),
  {
    name: 'st_setsrid',
    make: (isGeography) => ({
      parameterTypes: ['BLOB', 'INTEGER'],
      returnType: 'BLOB',
      compute: byRow((bytes: Uint8Array, srid: number) => kernelGeometry(checkSrid(srid, isGeography === 'true'), wkbOf(bytes))),
    }),
  },
  // A geometry that becomes a geography has its coordinates checked.
  jsFunction(
    'geography_of_geometry',
    ['BLOB'],
    'BLOB',
    byRow((bytes: Uint8Array) => parsed(wkbOf(bytes), sridOf(bytes), true)),
  ),
];
