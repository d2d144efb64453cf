// GEOMETRY and GEOGRAPHY: from WKB and to it, and their spatial reference. The work is done in kernel/js-geometries.ts. Source: stExpressions.scala of Spark 4.2.
import { checkSrid } from '../kernel/srid.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { literalOf } from './arguments.ts';
import { IN } from './coercion.ts';
import type { FunctionSpec, InputType, ScalarSpec } from './spec.ts';

const WKB: InputType = { name: '"BINARY"', accepts: (t) => t.tag === 'binary', castFrom: (t) => (t.tag === 'null' ? T.BINARY : undefined) };
const GEOSPATIAL: InputType = {
  name: '("GEOMETRY" or "GEOGRAPHY")',
  accepts: (t) => t.tag === 'geometry' || t.tag === 'geography',
  castFrom: (t) => (t.tag === 'null' ? { tag: 'geometry', srid: 0 } : undefined),
};

/** A constant SRID is the type's; otherwise rows may differ. */
function sridType(e: Expr | undefined, isGeography: boolean): number | 'ANY' {
  const value = literalOf(e)?.value;
  return typeof value === 'number' ? checkSrid(value, isGeography) : 'ANY';
}

const withDefault = (name: string, least: number, value: Expr): Pick<ScalarSpec, 'arity' | 'coerce' | 'resultName'> => ({
  arity: [least, least + 1],
  coerce: (args) => (args.length > least ? args : [...args, value]),
  resultName: (args) => `${name}(${[...args, ...(args.length > least ? [] : [prettySql(value)])].join(', ')})`,
});

export const GEOMETRIES: readonly FunctionSpec[] = [
  {
    name: 'st_geomfromwkb',
    kind: 'scalar',
    ...withDefault('st_geomfromwkb', 1, literal(0, T.INTEGER)),
    inputs: [WKB, IN.integer],
    result: ([, srid]) => ({ tag: 'geometry', srid: sridType(srid, false) }),
    kernel: ([wkb, srid], _, emit) => `${emit.jsFunction('st_geomfromwkb')}(${wkb}, ${srid})`,
  },
  {
    name: 'st_geogfromwkb',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [WKB],
    result: { tag: 'geography', srid: 4326 },
    kernel: ([wkb], _, emit) => `${emit.jsFunction('st_geogfromwkb')}(${wkb})`,
  },
  {
    name: 'st_asbinary',
    kind: 'scalar',
    ...withDefault('st_asbinary', 1, literal('NDR', T.STRING)),
    inputs: [GEOSPATIAL, IN.string],
    result: T.BINARY,
    kernel: ([g, endianness], _, emit) => `${emit.jsFunction('st_asbinary')}(${g}, ${endianness})`,
  },
  {
    name: 'st_srid',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [GEOSPATIAL],
    result: T.INTEGER,
    kernel: ([g], _, emit) => `${emit.jsFunction('st_srid')}(${g})`,
  },
  {
    name: 'st_setsrid',
    kind: 'scalar',
    arity: [2, 2],
    inputs: [GEOSPATIAL, IN.integer],
    result: ([g, srid]) => {
      const { tag } = g!.dataType as T.GeometryType | T.GeographyType;
      return { tag, srid: sridType(srid, tag === 'geography') };
    },
    kernel: ([g, srid], call, emit) =>
      `${emit.jsFunction('st_setsrid', String(call.args[0]!.dataType.tag === 'geography'))}(${g}, ${srid})`,
  },
];
