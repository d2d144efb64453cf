// A GEOMETRY or GEOGRAPHY in a row of the program. Source: pyspark.sql.types.Geometry and Geography.
import { kernelGeometry, shownGeometry, sridOf, wkbOf } from '../kernel/wkb.ts';

export class GeometryVal {
  /** Of its spatial reference: 4326 is longitude and latitude. */
  readonly srid: number;
  readonly wkb: Uint8Array;

  constructor(srid: number, wkb: Uint8Array) {
    this.srid = srid;
    this.wkb = wkb;
  }

  /** @internal @param bytes the kernel's form */
  static ofKernel(bytes: Uint8Array): GeometryVal {
    return new GeometryVal(sridOf(bytes), wkbOf(bytes).slice());
  }

  /** `SRID=4326;POINT(1 2)` */
  toString(): string {
    return shownGeometry(kernelGeometry(this.srid, this.wkb));
  }
}
