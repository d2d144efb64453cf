// Entries of the SQL path: schemas with their catalogue, in which names of one part are looked up in turn. `system.builtin` stands for functions of ours,
// `system.session` for what ends with the session. Who keeps the path: ../catalog/search-path.ts.
import { quoteIdentifier, quoteIfNeeded } from '../types/type-names.ts';

/** Catalogue, then schema. */
export type PathEntry = readonly string[];

export const SYSTEM_BUILTIN: PathEntry = ['system', 'builtin'];
export const SYSTEM_SESSION: PathEntry = ['system', 'session'];

/** Of a session where nobody has set one. */
export const DEFAULT_PATH: readonly PathEntry[] = [SYSTEM_BUILTIN, SYSTEM_SESSION, ['spark_catalog', 'default']];

const isSystem = ([catalog, schema]: PathEntry, wanted: string): boolean =>
  catalog!.toLowerCase() === 'system' && schema!.toLowerCase() === wanted;
export const isBuiltin = (entry: PathEntry): boolean => isSystem(entry, 'builtin');
export const isSession = (entry: PathEntry): boolean => isSystem(entry, 'session');

/** As current_path() says it. */
export const shownPath = (path: readonly PathEntry[]): string => path.map((e) => e.map(quoteIfNeeded).join('.')).join(',');
/** As messages say it. */
export const quotedPath = (path: readonly PathEntry[]): string => `[${path.map((e) => e.map(quoteIdentifier).join('.')).join(', ')}]`;

/** Whether what stands before a name says that it is the session's: `session.x`, `system.session.x`. */
export const isInSession = (prefix: readonly string[]): boolean => {
  const shown = prefix.join('.').toLowerCase();
  return shown === 'session' || shown === 'system.session';
};
