// Functions written in SQL that a session knows: CREATE FUNCTION f(x INT) RETURNS INT RETURN x + 1, and DROP FUNCTION. Kept for the session's life;
// what a call becomes: ../analysis/sql-function.ts. Source: CreateSQLFunctionCommand of Spark 4.2.
import type { SqlFunction } from '../analysis/sql-function.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { parseDataType, parseTableSchema } from '../parser/parse.ts';
import type { Command } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import { checkFunction, readsData } from './check-function.ts';
import { quoteIdentifier } from '../types/type-names.ts';

type Create = Extract<Command, { kind: 'createUserDefinedFunction' }>;
type Drop = Extract<Command, { kind: 'drop' }>;
const PLACE = ['spark_catalog', 'default'];

export class SqlFunctions {
  readonly #functions = new Map<string, SqlFunction>();
  readonly #isTemporaryView: (name: string) => boolean;

  constructor(isTemporaryView: (name: string) => boolean = () => false) {
    this.#isTemporaryView = isTemporaryView;
  }

  /** By its name, or with schema and catalogue before it; temporary ones win. */
  find(nameParts: readonly string[]): SqlFunction | undefined {
    const key = keyOf(nameParts);
    return this.#functions.get(key) ?? this.#functions.get(keyOf([...PLACE.slice(0, Math.max(0, 3 - nameParts.length)), ...nameParts]));
  }

  /** @throws AnalysisException ROUTINE_ALREADY_EXISTS, DUPLICATE_ROUTINE_PARAMETER_NAMES, USER_DEFINED_FUNCTIONS.…, and of its references */
  create(command: Create, readExpression: (text: string) => Expression): void {
    const name = command.function as readonly string[];
    const nameParts = command.isTemporary ? name : [...PLACE.slice(0, Math.max(0, 3 - name.length)), ...name];
    const key = keyOf(nameParts);
    if (this.#functions.has(key) && !command.replace) {
      if (command.ifNotExists) return;
      throw new AnalysisException('ROUTINE_ALREADY_EXISTS', {
        routineName: nameParts.map(quoteIdentifier).join('.'),
        newRoutineType: 'routine',
        existingRoutineType: 'routine',
      });
    }
    const f = functionOf(command, nameParts, readExpression);
    const references = { find: (parts: readonly string[]) => this.find(parts), isTemporaryView: this.#isTemporaryView };
    const says = (words: string): boolean => command.characteristics.some((c) => c.toUpperCase().split(/\s+/).join(' ') === words);
    checkFunction(f, says('CONTAINS SQL'), references);
    this.define({ ...f, readsData: says('READS SQL DATA') || readsData(f, references) });
  }

  /** Replaces one of the same name. */
  define(f: SqlFunction): void {
    this.#functions.set(keyOf(f.nameParts), f);
  }

  /** @throws AnalysisException ROUTINE_NOT_FOUND */
  drop({ name, ifExists }: Drop): void {
    const parts = name as readonly string[];
    const found = [...this.#functions].find(([, f]) => f === this.find(parts));
    if (found !== undefined) this.#functions.delete(found[0]);
    else if (!ifExists)
      throw new AnalysisException('ROUTINE_NOT_FOUND', {
        routineName: [...PLACE.slice(0, Math.max(0, 3 - parts.length)), ...parts].map(quoteIdentifier).join('.'),
      });
  }

  names(): readonly string[] {
    return [...this.#functions.keys()];
  }
}

const keyOf = (parts: readonly string[]): string => parts.map((p) => p.toLowerCase()).join('.');

function functionOf(command: Create, nameParts: readonly string[], readExpression: (text: string) => Expression): SqlFunction {
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
    ...(f.defaultExpression !== undefined && { defaultExpression: readExpression(f.defaultExpression) }),
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
  const twice = firstRepeated(returnColumns.map((f) => f.name));
  if (twice !== undefined)
    throw new AnalysisException('DUPLICATE_ROUTINE_RETURNS_COLUMNS', { routineName: routine, columns: quoteIdentifier(twice) });
  return { ...common, returnColumns };
}

function firstRepeated(names: readonly string[]): string | undefined {
  const lower = names.map((n) => n.toLowerCase());
  return lower.find((n, i) => lower.indexOf(n) < i);
}
