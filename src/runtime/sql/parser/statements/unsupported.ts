// Statements of Hive that Spark knows and refuses: roles, grants, locks, transactions, indexes, partitions by exchange and the like.
// Source: the unsupportedHiveNativeCommands rule of Spark 4.2.
import type { Cursor } from '../cursor.ts';

const REFUSED = [
  'CREATE ROLE|DROP ROLE|GRANT ROLE|GRANT|REVOKE ROLE|REVOKE|SHOW GRANT|SHOW ROLE GRANT|SHOW PRINCIPALS|SHOW ROLES|SHOW CURRENT ROLES',
  'EXPORT TABLE|IMPORT TABLE|SHOW COMPACTIONS|SHOW TRANSACTIONS|SHOW INDEXES|SHOW LOCKS|ALTER INDEX|LOCK TABLE|LOCK DATABASE',
  'UNLOCK TABLE|UNLOCK DATABASE|CREATE TEMPORARY MACRO|DROP TEMPORARY MACRO|START TRANSACTION|COMMIT|ROLLBACK|DFS',
]
  .join('|')
  .split('|')
  .map((words) => words.split(' '));

/** Refuses when the statement is one of those; else does nothing. */
export function refuseHive(p: Cursor): void {
  const words = REFUSED.find((candidate) => p.is(...candidate));
  if (words === undefined) return;
  throw p.error('_LEGACY_ERROR_TEMP_0035', { message: words.join(' ') });
}
