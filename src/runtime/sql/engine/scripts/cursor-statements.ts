// DECLARE CURSOR, OPEN and FETCH of scripts. Source: OpenCursorExec, FetchCursorExec of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { aliasOf, literal, type Value } from '../../logical/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { ScriptStatement } from '../../plan/script.ts';
import type { DataType } from '../../types/data-type.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import { bindValues } from '../execute-immediate.ts';
import { valueOfKernel } from '../../kernel/kernel-form.ts';
import type { CommandSession } from '../session-commands.ts';
import type { SessionVariable, Surroundings } from '../variables.ts';
import { ScriptCursor } from './script-cursor.ts';
import type { Rows } from './script-rows.ts';
import type { ScriptScope, ScriptVariables } from './script-scope.ts';

type Of<K extends ScriptStatement['kind']> = Extract<ScriptStatement, { kind: K }>;
type Tools = { readonly variables: ScriptVariables; readonly session: CommandSession };

/** @throws AnalysisException CURSOR_ALREADY_EXISTS */
export function declareCursor({ name, query }: Of<'declareCursor'>, scope: ScriptScope): void {
  const key = name.toLowerCase();
  if (scope.cursors.has(key)) throw new AnalysisException('CURSOR_ALREADY_EXISTS', { cursorName: quoteIdentifier(key) });
  scope.cursors.set(key, new ScriptCursor(key, query));
}

export async function openCursor(
  { cursor: name, using }: Of<'openCursor'>,
  scope: ScriptScope,
  { variables, session, prepare }: Tools & { readonly prepare: (query: Relation, around: Surroundings) => Promise<unknown> },
): Promise<void> {
  const cursor = scope.cursor(name);
  await cursor.open(variables, await bindValues(using, cursor.query, session), prepare);
}

/** Into as many variables as there are columns, or into the fields of one that is a struct. */
export async function fetchCursor(
  { cursor, into }: Of<'fetchCursor'>,
  scope: ScriptScope,
  { variables, session, compute }: Tools & { readonly compute: (query: Relation, around: Surroundings) => Promise<Rows> },
): Promise<void> {
  const names = into.map((parts) => parts.join('.').toLowerCase());
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined)
    throw new AnalysisException('DUPLICATE_ASSIGNMENTS', { nameList: repeated.split('.').map(quoteIdentifier).join('.') });
  const { types, row } = await scope.cursor(cursor).fetch(async (query, around) => {
    const { schema, columns, rows } = await compute(query, around);
    const all = Array.from({ length: rows }, (_, r) => columns.map((column) => column[r]!));
    return { types: schema.fields.map((f) => f.dataType), rows: all.values() };
  });
  const targets = into.map((parts) => targetOf(parts, variables));
  const record = targets.length === 1 && targets[0]!.dataType.tag === 'struct' && types[0]?.tag !== 'struct' ? targets[0]! : undefined;
  const wanted = record?.dataType.tag === 'struct' ? record.dataType.fields.map((f) => f.dataType) : targets.map((t) => t.dataType);
  if (wanted.length !== row.length)
    throw new AnalysisException('ASSIGNMENT_ARITY_MISMATCH', { numTarget: String(wanted.length), numExpr: String(row.length) });
  const values = await castValues(row, types, wanted, session);
  if (record !== undefined) variables.set(record, values);
  else targets.forEach((target, i) => variables.set(target, values[i]!));
}

/** Variables of the script only. */
function targetOf(nameParts: readonly string[], variables: ScriptVariables): SessionVariable {
  const found = variables.local(nameParts);
  if (found === undefined)
    throw new AnalysisException('UNRESOLVED_VARIABLE', { variableName: nameParts.map(quoteIdentifier).join('.'), searchPath: '`session`' });
  return found;
}

async function castValues(
  row: readonly Value[],
  from: readonly DataType[],
  to: readonly DataType[],
  session: CommandSession,
): Promise<readonly Value[]> {
  const projectList = row.map((value, i) => aliasOf(castTo(literal(value, from[i]!), to[i]!), `c${i}`));
  const [cast] = await session.rowsOf({ kind: 'project', child: { kind: 'oneRow' }, projectList });
  return cast!.map((value, i) => valueOfKernel(value, to[i]!));
}
