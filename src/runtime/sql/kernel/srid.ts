// Spatial references that GEOMETRY and GEOGRAPHY may have. Source: SpatialReferenceSystemMapper of Spark 4.2, whose list is longer.
import { AnalysisException } from '../errors/spark-error.ts';

const SRIDS = new Set([0, 3857, 4326]);

/** @throws AnalysisException ST_INVALID_SRID_VALUE */
export function checkSrid(srid: number, isGeography: boolean): number {
  if (isGeography ? srid !== 4326 : !SRIDS.has(srid)) throw new AnalysisException('ST_INVALID_SRID_VALUE', { srid: String(srid) });
  return srid;
}
