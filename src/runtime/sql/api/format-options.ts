// What spark.read and df.write are told alike: a format and options. Their own words: dataframe-reader.ts, dataframe-writer.ts.

export type OptionValue = string | number | boolean;

export abstract class FormatOptions {
  /** @internal */
  protected readonly given: Record<string, string> = {};
  /** @internal Left out: `spark.sql.sources.default`, which is Parquet. */
  protected formatName: string | undefined;

  /** `parquet`, `csv`, `json`, `text`, for reading also `binaryFile`. Left out: `spark.sql.sources.default`, which is Parquet. */
  format(source: string): this {
    this.formatName = source;
    return this;
  }

  option(key: string, value: OptionValue): this {
    this.given[key] = String(value);
    return this;
  }

  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [key, value] of Object.entries(options)) this.option(key, value);
    return this;
  }
}
