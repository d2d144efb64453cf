// A query string as YARN's web services read it: lists with commas or given several times, whole numbers.
import type { FastifyRequest } from 'fastify';
import { badRequest } from './web-error.ts';

export class Query {
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor({ query }: Pick<FastifyRequest, 'query'>) {
    this.#raw = (query ?? {}) as Readonly<Record<string, unknown>>;
  }

  #all(name: string): readonly string[] {
    const value = this.#raw[name] as string | readonly string[] | undefined;
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  }

  /** The first one that says something. */
  text(name: string): string | undefined {
    return this.#all(name).find((value) => value !== '');
  }

  words(name: string): string[] {
    return this.#all(name)
      .flatMap((value) => value.split(','))
      .map((word) => word.trim())
      .filter((word) => word !== '');
  }

  /** @throws WebError 400 */
  whole(name: string, fallback: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (!/^-?\d{1,19}$/.test(value)) throw badRequest(`${name}: For input string: "${value.slice(0, 100)}"`);
    return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  }

  bool(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }
}
