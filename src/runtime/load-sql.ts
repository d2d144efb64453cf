// The doors to SQL's bundles: dist/<name>.cjs in an installation, the sources themselves beside sources. Loaded when they are first needed: a
// program without SQL, and a worker thread whose fragments call no JavaScript of the engine, do without.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SqlTexts } from './sql/api/sql-text.ts';
import type { SqlEngine, SqlPorts } from './sql/engine/sql-engine.ts';

export type SqlModule = {
  readonly SqlEngine: new (ports: SqlPorts, shared?: SqlEngine) => SqlEngine;
  readonly kernels: SqlPorts['kernels'];
  readonly isTimeZone: (name: string) => boolean;
  readonly openCatalog: NonNullable<SqlPorts['openDatabase']>;
} & SqlTexts;

/** The engine, for a session. */
export const loadSql = (): SqlModule => load('sql', 'sql-main.ts') as SqlModule;

/** The engine's functions in JavaScript and what calls the program's, for executors. */
export const loadSqlFunctions = () => load('sql-functions', 'sql/udf/for-executors.ts') as typeof import('./sql/udf/for-executors.ts');

/** By file names that are no literals: the bundler would put it all into the caller's bundle. */
function load(bundle: string, source: string): unknown {
  const bundled = !import.meta.filename.endsWith('.ts');
  return createRequire(import.meta.url)(join(import.meta.dirname, bundled ? `${bundle}.cjs` : source));
}
