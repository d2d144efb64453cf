// A name in FROM → its plan: a temporary view, a view or a table of the catalogue, or a format with a path. Source: SessionCatalog.lookupRelation
// and ResolveSQLOnFile of Spark 4.2.
import type { SessionCatalog } from '../catalog/session-catalog.ts';
import { shownTable } from '../catalog/session-catalog.ts';
import { CATALOG, GLOBAL_TEMP, type TableEntry, type ViewText } from '../catalog/entries.ts';
import { tableRequest } from '../catalog/table-source.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { filled } from '../functions/text-lengths.ts';
import { aliasOf } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { isInSession, isSession, type PathEntry } from '../plan/path-entry.ts';
import { isFileFormat } from '../sources/formats.ts';
import type { CachedTables } from './kernel-tables.ts';
import { storedType } from '../types/text-lengths.ts';
import type { OpenSources } from './source-cache.ts';
import { type TempViews, withNewIds } from './temp-views.ts';
import { viewColumns } from './view-columns.ts';

export type Names = {
  readonly views: TempViews;
  readonly globalViews: TempViews;
  readonly catalog: SessionCatalog;
  readonly cached: CachedTables;
};
/** Resolves a stored view's text where its names were meant. */
export type ResolveView = (text: string, place: Pick<ViewText, 'namespace' | 'path' | 'collation'>, open: readonly string[]) => LogicalPlan;
type Around = {
  readonly sources: OpenSources;
  readonly resolveView: ResolveView;
  /** Views that are being resolved, outermost first. */
  readonly open: readonly string[];
  /** Where names of one part are looked up. */
  readonly path: readonly PathEntry[];
};
type Options = Readonly<Record<string, string>>;

/** @returns undefined: there is none of this name */
export function findTable(parts: readonly string[], options: Options, names: Names, around: Around): LogicalPlan | undefined {
  if (parts.length > 1) return findWhole(parts, options, names, around);
  for (const entry of around.path) {
    const found = isSession(entry) ? temporary(parts[0]!, names) : findWhole([...entry, parts[0]!], options, names, around);
    if (found !== undefined) return found;
  }
  return undefined;
}

function temporary(name: string, { views, cached }: Names): LogicalPlan | undefined {
  const kept = views.has(name) ? cached.find(name.toLowerCase()) : undefined;
  return kept === undefined ? views.find([name]) : named(withNewIds(kept), [name], []);
}

/** A name with all that stands before it. */
function findWhole(parts: readonly string[], options: Options, names: Names, around: Around): LogicalPlan | undefined {
  const { globalViews, catalog, cached } = names;
  if (isInSession(parts.slice(0, -1)) && names.views.has(parts.at(-1)!)) return temporary(parts.at(-1)!, names);
  const kept = parts.length <= 3 ? cached.find(cacheKey(parts, names)) : undefined;
  if (kept !== undefined) return named(withNewIds(kept), parts, [CATALOG, catalog.nameOf(parts).database]);
  if (parts.length === 2 && parts[0]!.toLowerCase() === GLOBAL_TEMP) return globalViews.find([parts[1]!]);
  const entry = catalog.find(parts);
  if (entry !== undefined) return named(planOf(entry, options, names, around), parts, [CATALOG, entry.database]);
  const { sources } = around;
  const [format, path] = parts;
  return parts.length === 2 && isFileFormat(format!) ? sources.open({ format: format!, paths: [path!], options }) : undefined;
}

const named = (child: LogicalPlan, parts: readonly string[], qualifier: readonly string[]): LogicalPlan => ({
  kind: 'subqueryAlias',
  child,
  alias: parts.at(-1)!.toLowerCase(),
  qualifier,
});

/** What a name's kept rows are found by. */
export function cacheKey(parts: readonly string[], { views, catalog }: Pick<Names, 'views' | 'catalog'>): string {
  if (parts.length === 1 && views.has(parts[0]!)) return parts[0]!.toLowerCase();
  if (parts.length === 3 && parts[0]!.toLowerCase() !== CATALOG) return '';
  const { database, table } = catalog.nameOf(parts);
  return `${database}.${table}`;
}

/** CHAR has spaces up to its length, however it is stored. */
function filledUp(scan: LogicalPlan): LogicalPlan {
  const output = outputOf(scan);
  const types = output.map(storedType);
  if (!types.some((t) => t.tag === 'char')) return scan;
  const projectList = output.map((a, i) => {
    const type = types[i]!;
    return type.tag === 'char' ? aliasOf(filled(a, type.length), a.name, { ...(a.metadata && { metadata: a.metadata }) }) : a;
  });
  return { kind: 'project', child: scan, projectList };
}

function planOf(entry: TableEntry, options: Options, names: Names, { sources, resolveView, open }: Around): LogicalPlan {
  if (entry.view === undefined) return filledUp(sources.open(tableRequest(entry, names.catalog.store().partitions(entry), options)));
  const name = shownTable(entry);
  if (open.includes(name)) throw new AnalysisException('RECURSIVE_VIEW', { viewIdent: name, newPath: [...open, name].join(' -> ') });
  const plan = resolveView(entry.view.text, entry.view, [...open, name]);
  return viewColumns(plan, entry, names.catalog);
}
