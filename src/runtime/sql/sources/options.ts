// Options of a data source: names in any case, values as text. Source: CaseInsensitiveMap of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';

export class SourceOptions {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  text(name: string, fallback: string): string {
    return this.get(name) ?? fallback;
  }

  /** @throws AnalysisException INVALID_SOURCE_OPTION for anything but true and false */
  flag(name: string, fallback: boolean): boolean {
    const value = this.get(name)?.toLowerCase();
    if (value === undefined || value === '') return fallback;
    if (value !== 'true' && value !== 'false')
      throw new AnalysisException('INVALID_SOURCE_OPTION', { option: name, value, expected: 'true or false' });
    return value === 'true';
  }

  number(name: string, fallback: number): number {
    const value = this.get(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (!Number.isFinite(number)) throw new AnalysisException('INVALID_SOURCE_OPTION', { option: name, value, expected: 'a number' });
    return number;
  }
}
