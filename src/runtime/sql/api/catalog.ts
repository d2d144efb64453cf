// spark.catalog: what a program can ask and change of the session's names. Source: org.apache.spark.sql.catalog.Catalog of Spark 4.2.
import type { DataFrameSession } from './dataframe-base.ts';

export type CatalogTable = {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[];
  readonly description: string | null;
  readonly tableType: 'TEMPORARY' | 'MANAGED' | 'EXTERNAL' | 'VIEW';
  readonly isTemporary: boolean;
};

export class Catalog {
  readonly #session: DataFrameSession;

  /** @internal Programs use spark.catalog. */
  constructor(session: DataFrameSession) {
    this.#session = session;
  }

  async #engine() {
    await this.#session.ready();
    return this.#session.engine();
  }

  async currentCatalog(): Promise<string> {
    return 'spark_catalog';
  }
  async currentDatabase(): Promise<string> {
    return 'default';
  }
  /** Temporary views, by name. */
  async listTables(): Promise<CatalogTable[]> {
    const names = [...(await this.#engine()).views.names()].sort();
    return names.map((name) => ({ name, catalog: null, namespace: [], description: null, tableType: 'TEMPORARY', isTemporary: true }));
  }
  async tableExists(name: string): Promise<boolean> {
    return (await this.#engine()).views.has(name);
  }
  /** @returns whether there was one */
  async dropTempView(name: string): Promise<boolean> {
    return (await this.#engine()).views.drop(name);
  }
}
