// Functions in FROM that list what this build knows: keywords and collations. Source: SQLKeywords, Collations of Spark 4.2.
import type { SessionSettings } from '../../functions/spec.ts';
import { literal, newAttribute, type Value } from '../../logical/expressions.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import { KEYWORDS, RESERVED } from '../../parser/keywords.ts';
import { BOOLEAN, type DataType, STRING } from '../../types/data-type.ts';
import { allCollations } from '../../types/collations.ts';

type Table = {
  readonly columns: readonly (readonly [name: string, type: DataType, nullable: boolean])[];
  readonly rows: readonly (readonly Value[])[];
};

/** Spark's list is made of words that are one token each. */
const SPELLED_TWICE: ReadonlySet<string> = new Set(['REGEXP', 'RLIKE', 'TEMP', 'TEMPORARY']);

const keywords = (settings: SessionSettings): Table => ({
  columns: [
    ['keyword', STRING, false],
    ['reserved', BOOLEAN, false],
  ],
  rows: [...KEYWORDS.keys()]
    .filter((word) => !SPELLED_TWICE.has(word))
    .sort()
    .map((word) => [word, settings.get('spark.sql.ansi.enforceReservedKeywords') === 'true' && RESERVED.has(word)]),
});

const collations = (): Table => ({
  columns: [
    ['CATALOG', STRING, false],
    ['SCHEMA', STRING, false],
    ['NAME', STRING, false],
    ['LANGUAGE', STRING, true],
    ['COUNTRY', STRING, true],
    ['ACCENT_SENSITIVITY', STRING, false],
    ['CASE_SENSITIVITY', STRING, false],
    ['PAD_ATTRIBUTE', STRING, false],
    ['ICU_VERSION', STRING, true],
  ],
  rows: allCollations(),
});

const TABLES: Readonly<Record<string, (settings: SessionSettings) => Table>> = { sql_keywords: keywords, collations };

/** @returns undefined: there is none of this name */
export function constantTable(name: string, settings: SessionSettings): LogicalPlan | undefined {
  const table = Object.hasOwn(TABLES, name) ? TABLES[name]!(settings) : undefined;
  if (table === undefined) return undefined;
  return {
    kind: 'localRelation',
    output: table.columns.map(([column, type, nullable]) => newAttribute(column, type, nullable)),
    rows: table.rows.map((row) => row.map((value, i) => literal(value, table.columns[i]![1]))),
  };
}
