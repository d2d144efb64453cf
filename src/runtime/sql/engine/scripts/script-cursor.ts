// A cursor of a script: a query that OPEN binds, whose rows are computed at the first FETCH. Source: CursorState of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import type { Expr, Value } from '../../logical/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { DataType } from '../../types/data-type.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { BoundParameters, Surroundings, Variables } from '../variables.ts';

export type CursorRows = { readonly types: readonly DataType[]; readonly rows: Iterator<readonly Value[]> };
type Open = { readonly around: Surroundings; rows?: CursorRows };

export class ScriptCursor {
  readonly name: string;
  readonly #query: Relation;
  #open: Open | undefined;

  constructor(name: string, query: Relation) {
    this.name = name;
    this.#query = query;
  }

  get query(): Relation {
    return this.#query;
  }

  /** @param check analyses it, so that what is wrong is told here. @throws AnalysisException CURSOR_ALREADY_OPEN */
  async open(
    variables: Variables,
    parameters: BoundParameters,
    check: (query: Relation, around: Surroundings) => Promise<unknown>,
  ): Promise<void> {
    if (this.#open !== undefined) throw this.#error('CURSOR_ALREADY_OPEN');
    const around = { variables: frozen(variables), parameters };
    await check(this.#query, around);
    this.#open = { around };
  }

  /** @returns the next row. @throws AnalysisException CURSOR_NOT_OPEN, CURSOR_NO_MORE_ROWS */
  async fetch(
    compute: (query: Relation, around: Surroundings) => Promise<CursorRows>,
  ): Promise<{ readonly types: readonly DataType[]; readonly row: readonly Value[] }> {
    if (this.#open === undefined) throw this.#error('CURSOR_NOT_OPEN');
    const { types, rows } = (this.#open.rows ??= await compute(this.#query, this.#open.around));
    const next = rows.next();
    if (next.done) throw this.#error('CURSOR_NO_MORE_ROWS');
    return { types, row: next.value };
  }

  /** @throws AnalysisException CURSOR_NOT_OPEN */
  close(): void {
    if (this.#open === undefined) throw this.#error('CURSOR_NOT_OPEN');
    this.#open = undefined;
  }

  #error(condition: string): AnalysisException {
    return new AnalysisException(condition, { cursorName: quoteIdentifier(this.name) });
  }
}

/** Variables keep the values that they had when they were first asked for: OPEN counts, not FETCH. */
function frozen(variables: Variables): Variables {
  const asked = new Map<string, Expr | undefined>();
  const reference = (parts: readonly string[]) => {
    const key = JSON.stringify(parts);
    if (!asked.has(key)) asked.set(key, variables.reference(parts));
    return asked.get(key);
  };
  return {
    reference,
    find: (parts) => variables.find(parts),
    declare: (variable, replace) => variables.declare(variable, replace),
    set: (variable, value) => variables.set(variable, value),
    drop: (name) => variables.drop(name),
  };
}
