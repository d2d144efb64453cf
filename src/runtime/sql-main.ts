// Where the SQL bundle begins: the engine and the kernel that it computes with.
import { openDatabase } from '../platform/database.ts';
import { CATALOG_MIGRATIONS } from './sql/catalog/catalog-store.ts';

export { duckdbKernels as kernels } from '../platform/duckdb.ts';
export { SqlEngine } from './sql/engine/sql-engine.ts';
export { isTimeZone } from './sql/kernel/time-zones.ts';
export { parseDataType, parseExpression, parseMultipartIdentifier, parseTableSchema } from './sql/parser/parse.ts';

/** The catalogue's file. A commit is on the disk when it returns: what it names is there already. */
export const openCatalog = (path: string) => openDatabase(path, { migrations: CATALOG_MIGRATIONS, synchronous: 'FULL' });
