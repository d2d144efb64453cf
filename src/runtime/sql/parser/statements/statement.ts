// One statement: which command its first keyword begins, or a query. Statements of Hive that Spark refuses are refused here with its words.
// Source: the statement and setResetStatement rules of Spark 4.2.
import type { Command } from '../../plan/commands.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { ctes, query } from '../queries/query.ts';
import { alterStatement } from './alter.ts';
import { createStatement } from './create.ts';
import { deleteFrom, mergeInto, update } from './dml.ts';
import { dropStatement } from './drop.ts';
import { insertStatement, isMultiInsert, multiInsert } from './insert.ts';
import {
  analyze,
  cacheTable,
  clearCache,
  loadData,
  manageResource,
  refresh,
  repairTable,
  truncateTable,
  uncacheTable,
} from './maintenance.ts';
import { callProcedure, commentOn, useStatement } from './session.ts';
import { resetStatement, setStatement } from './set.ts';
import { describeStatement, showStatement } from './show.ts';
import { refuseHive } from './unsupported.ts';
import { declareVariable, executeImmediate } from './variables.ts';

export type Parsed = { readonly tag: 'relation'; readonly relation: Relation } | { readonly tag: 'command'; readonly command: Command };

const COMMANDS: { readonly [keyword: string]: (p: Cursor) => Command } = {
  INSERT: insertStatement,
  DELETE: deleteFrom,
  UPDATE: update,
  MERGE: mergeInto,
  CREATE: createStatement,
  REPLACE: createStatement,
  ALTER: alterStatement,
  DROP: dropStatement,
  USE: useStatement,
  SHOW: showStatement,
  DESC: describeStatement,
  DESCRIBE: describeStatement,
  COMMENT: commentOn,
  REFRESH: refresh,
  CACHE: cacheTable,
  UNCACHE: uncacheTable,
  CLEAR: clearCache,
  LOAD: loadData,
  TRUNCATE: truncateTable,
  MSCK: repairTable,
  REPAIR: repairTable,
  ADD: manageResource,
  LIST: manageResource,
  ANALYZE: analyze,
  SET: setStatement,
  RESET: resetStatement,
  DECLARE: declareVariable,
  EXECUTE: executeImmediate,
  CALL: callProcedure,
};

export function statement(p: Cursor): Parsed {
  const type = p.type();
  if (type === 'EXPLAIN') return { tag: 'command', command: explain(p) };
  const rule = Object.hasOwn(COMMANDS, type) ? COMMANDS[type] : undefined;
  if (rule !== undefined) {
    refuseHive(p);
    return { tag: 'command', command: rule(p) };
  }
  if (type === 'WITH') return withStatement(p);
  if (type === 'FROM' && isMultiInsert(p)) return { tag: 'command', command: multiInsert(p) };
  refuseHive(p);
  return { tag: 'relation', relation: query(p) };
}

/** WITH before INSERT, MERGE, UPDATE, DELETE; before a query it is the query's. */
function withStatement(p: Cursor): Parsed {
  const from = p.at;
  const { isRecursive, definitions } = ctes(p);
  const type = p.type();
  if (type === 'INSERT' || type === 'DELETE' || type === 'UPDATE' || type === 'MERGE' || (type === 'FROM' && isMultiInsert(p))) {
    const command = type === 'FROM' ? multiInsert(p) : (COMMANDS[type] as (p: Cursor) => Command)(p);
    return { tag: 'command', command: { kind: 'withCteCommand', ctes: definitions, isRecursive, command, origin: p.origin(from) } };
  }
  p.at = from;
  return { tag: 'relation', relation: query(p) };
}

const MODES = { LOGICAL: 'extended', FORMATTED: 'formatted', EXTENDED: 'extended', CODEGEN: 'codegen', COST: 'cost' } as const;

function explain(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const keyword = p.acceptOneOf('LOGICAL', 'FORMATTED', 'EXTENDED', 'CODEGEN', 'COST') as keyof typeof MODES | undefined;
  if (keyword === 'LOGICAL') throw p.error('_LEGACY_ERROR_TEMP_0035', { message: 'EXPLAIN LOGICAL' }, from);
  return { kind: 'explain', mode: keyword === undefined ? 'simple' : MODES[keyword], of: statement(p), origin: p.origin(from) };
}
