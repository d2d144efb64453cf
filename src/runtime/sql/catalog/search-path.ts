// The SQL path of a session: the schemas in which names of one part are looked up, in order; SET PATH changes it, `spark.sql.defaultPath`
// is what it begins as. Who looks up: ../engine/find-table.ts, ../engine/sql-functions.ts.
// Source: CatalogManager and SetPathCommand of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { parsePath } from '../parser/parse.ts';
import { type PathEntry, shownPath, SYSTEM_BUILTIN, SYSTEM_SESSION } from '../plan/path-entry.ts';
import { CATALOG } from './entries.ts';

/** As SET PATH has them: a schema, or the marker of the schema that is current whenever the path is asked. */
type Element = PathEntry | typeof CURRENT_SCHEMA;

const CURRENT_SCHEMA = 'current_schema';
const ORDERS: Readonly<Record<string, readonly Element[]>> = {
  first: [SYSTEM_SESSION, SYSTEM_BUILTIN, CURRENT_SCHEMA],
  second: [SYSTEM_BUILTIN, SYSTEM_SESSION, CURRENT_SCHEMA],
  last: [SYSTEM_BUILTIN, CURRENT_SCHEMA, SYSTEM_SESSION],
};

export class SearchPath {
  readonly #conf: (key: string) => string | undefined;
  #elements: readonly Element[] | undefined;

  constructor(conf: (key: string) => string | undefined) {
    this.#conf = conf;
  }

  /** SET PATH = elements. @throws AnalysisException UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED, DUPLICATE_SQL_PATH_ENTRY */
  set(elements: readonly PathEntry[]): void {
    if (!this.#isEnabled) throw new AnalysisException('UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED', { config: 'spark.sql.path.enabled' });
    const expanded = elements.flatMap((e) => this.#expand(e));
    const seen = new Set<string>();
    for (const element of expanded) {
      const name = typeof element === 'string' ? element : shownPath([element]);
      if (seen.has(name.toLowerCase())) throw new AnalysisException('DUPLICATE_SQL_PATH_ENTRY', { pathEntry: name });
      seen.add(name.toLowerCase());
    }
    this.#elements = expanded;
  }

  /** Whether somebody has set it: objects that are made now keep it. */
  get isSet(): boolean {
    return this.#isEnabled && this.#elements !== undefined;
  }

  /** @param database the current one */
  entries(database: string): readonly PathEntry[] {
    const elements = this.#isEnabled ? (this.#elements ?? this.#defaults()) : this.#builtDefault();
    return elements.map((e) => (typeof e === 'string' ? [CATALOG, database] : e));
  }

  get #isEnabled(): boolean {
    return this.#conf('spark.sql.path.enabled') === 'true';
  }

  #expand(entry: PathEntry): readonly Element[] {
    const keyword = entry.length === 1 ? entry[0]!.toUpperCase() : '';
    if (keyword === 'DEFAULT_PATH') return this.#defaults();
    if (keyword === 'PATH') return this.#elements ?? this.#defaults();
    return simple(entry);
  }

  #defaults(): readonly Element[] {
    const text = this.#conf('spark.sql.defaultPath') ?? '';
    if (text.trim() === '') return this.#builtDefault();
    return parsePath(text).flatMap((e) => (e.length === 1 && e[0]!.toUpperCase() === 'DEFAULT_PATH' ? this.#builtDefault() : simple(e)));
  }
  #builtDefault(): readonly Element[] {
    return ORDERS[this.#conf('spark.sql.functionResolution.sessionOrder') ?? 'second'] ?? ORDERS.second!;
  }
}

/** Without the shortcuts that need a session. */
function simple(entry: PathEntry): readonly Element[] {
  const keyword = entry.length === 1 ? entry[0]!.toUpperCase() : '';
  if (keyword === 'SYSTEM_PATH') return [SYSTEM_BUILTIN];
  return keyword === 'CURRENT_SCHEMA' || keyword === 'CURRENT_DATABASE' ? [CURRENT_SCHEMA] : [entry];
}

/** Whether a text can be the value of `spark.sql.defaultPath`: what SET PATH takes, without PATH itself. */
export function isDefaultPath(text: string): boolean {
  try {
    return text.trim() === '' || parsePath(text).every((e) => e.length > 1 || e[0]!.toUpperCase() !== 'PATH');
  } catch {
    return false;
  }
}
