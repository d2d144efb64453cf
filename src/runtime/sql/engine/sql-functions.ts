// Functions written in SQL that a session knows: CREATE FUNCTION f(x INT) RETURNS INT RETURN x + 1, and DROP FUNCTION. Temporary ones are kept here,
// the others in the catalogue as text; what a call becomes: ../analysis/sql-function.ts. Source: CreateSQLFunctionCommand of Spark 4.2.
import type { SqlFunction } from '../analysis/sql-function.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { CATALOG, type FunctionEntry } from '../catalog/entries.ts';
import type { SessionCatalog } from '../catalog/session-catalog.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { parseDataType, parseExpression, parseStatement, parseTableSchema } from '../parser/parse.ts';
import type { Command } from '../plan/commands.ts';
import { namesIn } from '../plan/names-in.ts';
import { isBuiltin, isInSession, type PathEntry } from '../plan/path-entry.ts';
import { checkFunction, readsData } from './check-function.ts';
import { quoteIdentifier } from '../types/type-names.ts';

export type CreateFunction = Extract<Command, { kind: 'createUserDefinedFunction' }>;
type Drop = Extract<Command, { kind: 'drop' }>;

/** What the functions look at besides themselves. */
export type FunctionNames = {
  readonly catalog: SessionCatalog;
  readonly isTemporaryView: (name: string) => boolean;
};
type Made = {
  readonly settings: SessionSettings;
  readonly owner: string;
  readonly nowMs: number;
  /** @throws AnalysisException of its body */
  readonly check: (f: SqlFunction) => Promise<void>;
};

export class SqlFunctions {
  readonly #temporary = new Map<string, SqlFunction>();
  /** By the text that the catalogue has of it. */
  readonly #read = new Map<string, SqlFunction>();
  readonly #names: FunctionNames;

  constructor(names: FunctionNames) {
    this.#names = names;
  }

  /** By its whole name: `f`, `session.f` and `system.session.f` are temporary ones, `db.f` and `spark_catalog.db.f` stored ones. */
  find(nameParts: readonly string[]): SqlFunction | undefined {
    const prefix = nameParts.slice(0, -1);
    if (prefix.length === 0 || isInSession(prefix)) return this.#temporary.get(nameParts.at(-1)!.toLowerCase());
    const text = prefix.length > 2 ? undefined : this.#names.catalog.functionText(nameParts);
    if (text === undefined) return undefined;
    let known = this.#read.get(text);
    if (known === undefined) this.#read.set(text, (known = functionOfEntry(JSON.parse(text) as FunctionEntry)));
    return known;
  }

  /** A name of one part along a path. */
  findOn(path: readonly PathEntry[], nameParts: readonly string[]): SqlFunction | undefined {
    if (nameParts.length > 1) return this.find(nameParts);
    for (const entry of path) {
      const found = isBuiltin(entry) ? undefined : this.find([...entry, ...nameParts]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** @throws AnalysisException ROUTINE_ALREADY_EXISTS, DUPLICATE_ROUTINE_PARAMETER_NAMES, USER_DEFINED_FUNCTIONS.…, and of its body and references */
  async create(command: CreateFunction, made: Made): Promise<void> {
    const { catalog, isTemporaryView } = this.#names;
    const name = command.function as readonly string[];
    const nameParts = command.isTemporary ? name : fullName(name, catalog.current);
    if (!command.isTemporary) catalog.database(nameParts.slice(0, -1));
    if (!command.replace && this.find(nameParts) !== undefined) {
      if (command.ifNotExists) return;
      throw alreadyExists(nameParts);
    }
    const place = { ...catalog.frozen, ansi: made.settings.ansi };
    const f = { ...functionOf(command, nameParts), ...(!command.isTemporary && { place }) };
    const references = { find: (parts: readonly string[]) => this.findOn(catalog.searchPath, parts), isTemporaryView };
    const says = (words: string): boolean => saysOf(command.characteristics, words);
    checkFunction(f, says('CONTAINS SQL'), references);
    await made.check(f);
    if (command.isTemporary) {
      this.define({ ...f, readsData: says('READS SQL DATA') || readsData(f, references) });
      return;
    }
    const { parameters, returns, isTable, characteristics, bodyText: body } = command;
    const [database, routine] = nameParts.slice(1).map((p) => p.toLowerCase()) as [string, string];
    const text = { parameters, ...(returns !== undefined && { returns }), isTable, characteristics, body };
    const entry = { database, name: routine, ...text, ...place, createdMs: made.nowMs, owner: made.owner };
    if (!catalog.store().addFunction(entry, command.replace) && !command.ifNotExists) throw alreadyExists(nameParts);
  }

  /** A temporary one. Replaces one of the same name. */
  define(f: SqlFunction): void {
    this.#temporary.set(f.nameParts.at(-1)!.toLowerCase(), f);
  }

  /** @throws AnalysisException ROUTINE_NOT_FOUND */
  drop({ name, ifExists, isTemporary }: Drop): void {
    const parts = name as readonly string[];
    if (isTemporary || isInSession(parts.slice(0, -1))) {
      if (!this.#temporary.delete(parts.at(-1)!.toLowerCase()) && !ifExists) throw notFound(parts.slice(-1));
      return;
    }
    const { catalog } = this.#names;
    const [, database, routine] = fullName(parts, catalog.current) as [string, string, string];
    if (catalog.functionText([database, routine]) === undefined) {
      if (!ifExists) throw notFound(fullName(parts, catalog.current));
      return;
    }
    catalog.store().dropFunction({ database: database.toLowerCase(), name: routine.toLowerCase() });
  }

  /** Temporary ones, by name. */
  names(): readonly string[] {
    return [...this.#temporary.keys()];
  }

  /** What DESCRIBE FUNCTION tells of one. undefined: there is none of this name. */
  described(nameParts: readonly string[]): FunctionEntry | SqlFunction | undefined {
    const { catalog } = this.#names;
    const found = this.findOn(catalog.searchPath, nameParts);
    const text = found?.place === undefined ? undefined : catalog.functionText(found.nameParts);
    return text === undefined ? found : (JSON.parse(text) as FunctionEntry);
  }
}

const fullName = (name: readonly string[], database: string): readonly string[] => [
  ...[CATALOG, database].slice(0, Math.max(0, 3 - name.length)),
  ...name,
];
const notFound = (name: readonly string[]) =>
  new AnalysisException('ROUTINE_NOT_FOUND', { routineName: name.map(quoteIdentifier).join('.') });
const alreadyExists = (name: readonly string[]) =>
  new AnalysisException('ROUTINE_ALREADY_EXISTS', {
    routineName: name.map(quoteIdentifier).join('.'),
    newRoutineType: 'routine',
    existingRoutineType: 'routine',
  });

/** Whether one of its characteristics is this one, however it is spaced. */
const saysOf = (characteristics: readonly string[], words: string): boolean =>
  characteristics.some((c) => c.toUpperCase().split(/\s+/).join(' ') === words);

/** The statement that would make a stored function, read again. */
function functionOfEntry(entry: FunctionEntry): SqlFunction {
  const { database, name, parameters, returns, characteristics, body, namespace, path, ansi } = entry;
  const words = [
    `CREATE FUNCTION f(${parameters})`,
    ...(returns === undefined ? [] : ['RETURNS', returns]),
    ...characteristics,
    'RETURN',
    body,
  ];
  const parsed = parseStatement(words.join(' '));
  const made = functionOf((parsed as { readonly command: CreateFunction }).command, [CATALOG, database, name]);
  const reads = saysOf(characteristics, 'READS SQL DATA') || namesIn(made.body).tables.length > 0;
  return { ...made, readsData: reads, place: { namespace, ...(path && { path }), ansi } };
}

/** @throws AnalysisException DUPLICATE_ROUTINE_PARAMETER_NAMES, USER_DEFINED_FUNCTIONS.… */
function functionOf(command: CreateFunction, nameParts: readonly string[]): SqlFunction {
  const routine = nameParts.at(-1)!;
  const fields = command.columns;
  const repeated = firstRepeated(fields.map((f) => f.name.at(-1)!));
  if (repeated !== undefined)
    throw new AnalysisException('DUPLICATE_ROUTINE_PARAMETER_NAMES', { routineName: routine, names: quoteIdentifier(repeated) });
  if (fields.some((f) => f.nullable === false))
    throw new AnalysisException('USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS', { input: command.parameters });
  const parameters = fields.map((f) => ({
    name: f.name.at(-1)!,
    dataType: f.dataType,
    ...(f.defaultExpression !== undefined && { defaultExpression: parseExpression(f.defaultExpression) }),
  }));
  const late = parameters.findIndex((p, i) => p.defaultExpression === undefined && parameters[i - 1]?.defaultExpression !== undefined);
  if (late >= 0)
    throw new AnalysisException('USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION', {
      functionName: routine,
      parameterName: parameters[late - 1]!.name,
      nextParameterName: parameters[late]!.name,
    });
  const common = { nameParts, parameters, isTable: command.isTable, body: command.body };
  if (!command.isTable) return { ...common, ...(command.returns !== undefined && { returnType: parseDataType(command.returns) }) };
  const list = /^TABLE\s*\(([\s\S]*)\)\s*$/i.exec(command.returns ?? '')?.[1];
  if (list === undefined) return common;
  const returnColumns = parseTableSchema(list).fields;
  if (returnColumns.some((f) => !f.nullable))
    throw new AnalysisException('USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS', { input: list });
  const twice = firstRepeated(returnColumns.map((f) => f.name));
  if (twice !== undefined)
    throw new AnalysisException('DUPLICATE_ROUTINE_RETURNS_COLUMNS', { routineName: routine, columns: quoteIdentifier(twice) });
  return { ...common, returnColumns };
}

function firstRepeated(names: readonly string[]): string | undefined {
  const lower = names.map((n) => n.toLowerCase());
  return lower.find((n, i) => lower.indexOf(n) < i);
}
