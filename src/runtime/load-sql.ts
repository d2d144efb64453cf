// The door from a session to SQL's engine: dist/sql.cjs in an installation, the source itself beside sources. Loaded when it is first needed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SqlTexts } from './sql/api/sql-text.ts';
import type { SqlEngine, SqlPorts } from './sql/engine/sql-engine.ts';

export type SqlModule = {
  readonly SqlEngine: new (ports: SqlPorts) => SqlEngine;
  readonly kernels: SqlPorts['kernels'];
  readonly openCatalog: NonNullable<SqlPorts['openDatabase']>;
} & SqlTexts;

export function loadSql(): SqlModule {
  const bundled = !import.meta.filename.endsWith('.ts');
  // Not a literal: the bundler would put it all into the runtime's bundle.
  const file = bundled ? join(import.meta.dirname, 'sql.cjs') : join(import.meta.dirname, 'sql-main.ts');
  return createRequire(import.meta.url)(file) as SqlModule;
}
