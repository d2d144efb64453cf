// Geometries: WKB (points, lines, polygons and collections of them, with Z and M) read, checked, written in both byte orders, and as WKT.
// A GEOMETRY or GEOGRAPHY in the kernel is four bytes of its SRID and WKB in little-endian order. Source: org.apache.spark.sql.catalyst.util.geo of Spark 4.2.
type Points = readonly (readonly number[])[];
type PartsOf<K extends string> = { readonly kind: K; readonly parts: readonly Geometry[] };
type Shape =
  | { readonly kind: 'point'; readonly points: Points }
  | { readonly kind: 'lineString'; readonly points: Points }
  | { readonly kind: 'polygon'; readonly rings: readonly Points[] }
  | PartsOf<'multiPoint'>
  | PartsOf<'multiLineString'>
  | PartsOf<'multiPolygon'>
  | PartsOf<'geometryCollection'>;
export type Geometry = Shape & { readonly hasZ: boolean; readonly hasM: boolean };

const KINDS = ['point', 'lineString', 'polygon', 'multiPoint', 'multiLineString', 'multiPolygon', 'geometryCollection'] as const;
const NAMES: { readonly [K in Geometry['kind']]: string } = {
  point: 'POINT',
  lineString: 'LINESTRING',
  polygon: 'POLYGON',
  multiPoint: 'MULTIPOINT',
  multiLineString: 'MULTILINESTRING',
  multiPolygon: 'MULTIPOLYGON',
  geometryCollection: 'GEOMETRYCOLLECTION',
};

/** Bytes that are no WKB. Errors of SQL are made of it where the functions are (js-geometries.ts): `show` needs none. */
export class WkbError extends Error {
  readonly pos: number;
  constructor(parseError: string, pos: number) {
    super(parseError);
    this.pos = pos;
  }
}
const wrong = (parseError: string, pos: number): WkbError => new WkbError(parseError, pos);

class Reader {
  readonly #view: DataView;
  readonly #isGeography: boolean;
  at = 0;
  constructor(bytes: Uint8Array, isGeography: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isGeography = isGeography;
  }

  geometry(): Geometry {
    const from = this.at;
    this.#need(5, from);
    const order = this.#view.getUint8(this.at++);
    if (order > 1) throw wrong(`Invalid byte order ${order}`, from);
    const isLittle = order === 1;
    const code = this.#view.getUint32(this.at, isLittle);
    this.at += 4;
    const kind = KINDS[(code % 1000) - 1];
    const dimensions = Math.floor(code / 1000);
    if (kind === undefined || dimensions > 3) throw wrong(`Invalid or unsupported type ${code}`, from + 1);
    const common = { hasZ: dimensions === 1 || dimensions === 3, hasM: dimensions >= 2 };
    const size = 2 + (common.hasZ ? 1 : 0) + (common.hasM ? 1 : 0);
    switch (kind) {
      case 'point':
        return { kind, points: [this.#point(size, isLittle)], ...common };
      case 'lineString':
        return { kind, points: this.#many(isLittle, size * 8, () => this.#point(size, isLittle)), ...common };
      case 'polygon':
        return { kind, rings: this.#many(isLittle, 4, () => this.#many(isLittle, size * 8, () => this.#point(size, isLittle))), ...common };
      default:
        return { kind, parts: this.#many(isLittle, 5, () => this.geometry()), ...common };
    }
  }

  #need(bytes: number, from = this.at): void {
    if (this.at + bytes > this.#view.byteLength) throw wrong('Unexpected end of WKB buffer', from);
  }

  #many<T>(isLittle: boolean, leastEach: number, read: () => T): T[] {
    this.#need(4);
    const count = this.#view.getUint32(this.at, isLittle);
    this.at += 4;
    this.#need(count * leastEach);
    return Array.from({ length: count }, read);
  }

  #point(size: number, isLittle: boolean): readonly number[] {
    const from = this.at;
    this.#need(size * 8);
    const values = Array.from({ length: size }, (_, i) => this.#view.getFloat64(from + i * 8, isLittle));
    this.at += size * 8;
    if (this.#isGeography && (Math.abs(values[0]!) > 180 || Math.abs(values[1]!) > 90)) throw wrong('Invalid coordinate value found', from);
    return values;
  }
}

/** @throws WkbError */
export function readWkb(bytes: Uint8Array, isGeography: boolean): Geometry {
  const reader = new Reader(bytes, isGeography);
  const made = reader.geometry();
  if (reader.at < bytes.length) throw wrong('Unexpected bytes at the end of the WKB buffer', reader.at);
  return made;
}

export function writeWkb(g: Geometry, isLittle: boolean): Uint8Array {
  const out: number[] = [];
  const scratch = new DataView(new ArrayBuffer(8));
  const put = (size: number): void => {
    for (let i = 0; i < size; i++) out.push(scratch.getUint8(i));
  };
  const whole = (n: number): void => {
    scratch.setUint32(0, n, isLittle);
    put(4);
  };
  const point = (values: readonly number[]): void => {
    for (const value of values) {
      scratch.setFloat64(0, value, isLittle);
      put(8);
    }
  };
  const points = (all: readonly (readonly number[])[]): void => {
    whole(all.length);
    all.forEach(point);
  };
  const shape = (s: Geometry): void => {
    out.push(isLittle ? 1 : 0);
    whole(KINDS.indexOf(s.kind) + 1 + (s.hasZ ? 1000 : 0) + (s.hasM ? 2000 : 0));
    if (s.kind === 'point') point(s.points[0]!);
    else if (s.kind === 'lineString') points(s.points);
    else if (s.kind === 'polygon') {
      whole(s.rings.length);
      s.rings.forEach(points);
    } else {
      whole(s.parts.length);
      s.parts.forEach(shape);
    }
  };
  shape(g);
  return Uint8Array.from(out);
}

/** `POINT(1 2)` */
export function wktOf(g: Geometry): string {
  const dimensions = g.hasZ || g.hasM ? ` ${g.hasZ ? 'Z' : ''}${g.hasM ? 'M' : ''} ` : '';
  const body = bodyOf(g);
  return `${NAMES[g.kind]}${dimensions}${body === '' ? `${dimensions === '' ? ' ' : ''}EMPTY` : `(${body})`}`;
}

const pointText = (values: readonly number[]): string => (values.every(Number.isNaN) ? '' : values.map(String).join(' '));

function bodyOf(g: Geometry): string {
  switch (g.kind) {
    case 'point':
    case 'lineString':
      return g.points.map(pointText).join(',');
    case 'polygon':
      return g.rings.map((ring) => `(${ring.map(pointText).join(',')})`).join(',');
    case 'geometryCollection':
      return g.parts.map(wktOf).join(',');
    default:
      return g.parts.map((part) => `(${bodyOf(part)})`).join(',');
  }
}

/** The kernel's form. */
export function kernelGeometry(srid: number, wkb: Uint8Array): Uint8Array {
  const made = new Uint8Array(4 + wkb.length);
  new DataView(made.buffer).setInt32(0, srid, true);
  made.set(wkb, 4);
  return made;
}
export const sridOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
export const wkbOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(4);

/** `SRID=4326;POINT(1 2)`: what programs and `show` see. */
export function shownGeometry(bytes: Uint8Array): string {
  const srid = sridOf(bytes);
  return `${srid === 0 ? '' : `SRID=${srid};`}${wktOf(readWkb(wkbOf(bytes), false))}`;
}
