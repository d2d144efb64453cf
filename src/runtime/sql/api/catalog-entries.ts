// What spark.catalog lists: plain objects with the fields of Spark's. Source: org.apache.spark.sql.catalog.{Database, Table, Column, Function} of Spark 4.2.

export type CatalogMetadata = { readonly name: string; readonly description: string | null };
export type CatalogDatabase = {
  readonly name: string;
  readonly catalog: string;
  readonly description: string;
  readonly locationUri: string;
};
export type CatalogTable = {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[];
  readonly description: string | null;
  readonly tableType: 'TEMPORARY' | 'MANAGED' | 'EXTERNAL' | 'VIEW';
  readonly isTemporary: boolean;
};
export type CatalogColumn = {
  readonly name: string;
  readonly description: string | null;
  readonly dataType: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly isBucket: boolean;
};
export type CatalogFunction = {
  readonly name: string;
  /** null: ours, or the session's. */
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly isTemporary: boolean;
};
