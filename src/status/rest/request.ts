// What a request's parameters mean, and how it is refused: Spark's texts and codes, text/plain. Source: ApiRootResource.scala and Jersey's
// conversion of parameters.
export class RestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (message: string): RestError => new RestError(404, message);
/** A path that has no number where one belongs: Jersey answers with the path. */
export class NoSuchPath extends RestError {
  constructor() {
    super(404, 'HTTP 404 Not Found');
  }
}
export const badParameter = (parameter: string, expected: string, actual: string): RestError =>
  new RestError(400, `Bad value for parameter "${parameter}".  Expected a ${expected}, got "${actual}"`);

type Raw = string | readonly string[] | undefined;
/** A parsed query string: a parameter that is given twice is a list. */
export class Query {
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor(raw: unknown) {
    this.#raw = (raw ?? {}) as Readonly<Record<string, unknown>>;
  }

  all(name: string): readonly string[] {
    const value = this.#raw[name] as Raw;
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  }

  text(name: string): string | undefined {
    return this.all(name)[0];
  }

  bool(name: string, fallback: boolean): boolean {
    const value = this.text(name);
    return value === undefined || value === '' ? fallback : value.toLowerCase() === 'true';
  }

  /** @throws RestError 404, as Jersey when a parameter is no number */
  whole(name: string, fallback: number): number {
    const value = this.text(name);
    if (value === undefined || value === '') return fallback;
    if (!/^-?\d{1,15}$/.test(value)) throw notFound('HTTP 404 Not Found');
    return Number(value);
  }

  /** Words of a fixed set, any case. @throws RestError 404, as Jersey */
  words<T extends string>(name: string, allowed: readonly T[]): T[] {
    return this.all(name).map((value) => {
      const known = allowed.find((word) => word === value.toUpperCase());
      if (known === undefined) throw notFound('HTTP 404 Not Found');
      return known;
    });
  }

  /** `0.05,0.5`. @throws RestError 400 */
  quantiles(name: string, fallback: readonly number[]): readonly number[] {
    const value = this.text(name);
    if (value === undefined) return fallback;
    return value.split(',').map((part) => {
      const number = Number(part);
      if (part.trim() === '' || !Number.isFinite(number)) throw badParameter('quantiles', 'double', part);
      return number;
    });
  }

  /** `2015-02-10`, `2015-02-03T16:42:40.000GMT`; ms. Source: SimpleDateParam. @throws RestError 400 */
  date(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const day = /^\d{4}-\d{2}-\d{2}$/.test(value);
    const ms = Date.parse(day ? `${value}T00:00:00Z` : value.replace(/GMT$/, 'Z'));
    if (Number.isNaN(ms)) throw new RestError(400, `Couldn't parse date: ${value}`);
    return ms;
  }
}

/** A path's number. @throws RestError 404 */
export function pathNumber(value: string | undefined): number {
  if (value === undefined || !/^\d{1,10}$/.test(value)) throw new NoSuchPath();
  return Number(value);
}
