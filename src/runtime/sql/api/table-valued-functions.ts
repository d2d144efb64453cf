// spark.tvf: functions that give rows, as DataFrames; spark.tvf.explode(col('a').outer()) in a lateral join. Source: TableValuedFunction of Spark 4.2.
import type { Relation } from '../plan/relations.ts';
import { type Column, columnExpression } from './column.ts';
import type { DataFrame } from './dataframe.ts';
import type { ColumnArgument } from './function-types.ts';

export class TableValuedFunctions {
  readonly #dataFrame: (relation: Relation) => DataFrame<any>;

  /** @internal Programs ask a session: spark.tvf. */
  constructor(dataFrame: (relation: Relation) => DataFrame<any>) {
    this.#dataFrame = dataFrame;
  }
  #of(functionName: string, args: readonly ColumnArgument[]): DataFrame<any> {
    return this.#dataFrame({ kind: 'unresolvedTableValuedFunction', functionName, arguments: args.map(columnExpression) });
  }

  range(end: number | bigint): DataFrame<{ id: bigint }>;
  range(start: number | bigint, end: number | bigint, step?: number | bigint): DataFrame<{ id: bigint }>;
  range(...bounds: readonly (number | bigint)[]): DataFrame<{ id: bigint }> {
    return this.#of('range', bounds);
  }
  explode(collection: Column): DataFrame {
    return this.#of('explode', [collection]);
  }
  explode_outer(collection: Column): DataFrame {
    return this.#of('explode_outer', [collection]);
  }
  posexplode(collection: Column): DataFrame {
    return this.#of('posexplode', [collection]);
  }
  posexplode_outer(collection: Column): DataFrame {
    return this.#of('posexplode_outer', [collection]);
  }
  inline(structs: Column): DataFrame {
    return this.#of('inline', [structs]);
  }
  inline_outer(structs: Column): DataFrame {
    return this.#of('inline_outer', [structs]);
  }
  json_tuple(input: Column, ...fields: readonly [Column, ...Column[]]): DataFrame {
    return this.#of('json_tuple', [input, ...fields]);
  }
  /** @param n how many rows the values make */
  stack(n: Column, ...values: readonly Column[]): DataFrame {
    return this.#of('stack', [n, ...values]);
  }
  variant_explode(input: Column): DataFrame {
    return this.#of('variant_explode', [input]);
  }
  variant_explode_outer(input: Column): DataFrame {
    return this.#of('variant_explode_outer', [input]);
  }
  /** Collations that there are. */
  collations(): DataFrame {
    return this.#of('collations', []);
  }
  sql_keywords(): DataFrame<{ keyword: string; reserved: boolean }> {
    return this.#of('sql_keywords', []);
  }
}
