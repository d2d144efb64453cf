// Where in the SQL text a node came from: errors after parsing point there. The DataFrame API leaves it out.
// Source: org.apache.spark.sql.catalyst.trees.Origin and SQLQueryContext.
import { lineStartsOf, placeOf } from '../../../common/line-starts.ts';

let lastText = 0;

/** A SQL text with its line starts, counted only when an error asks. Shared by all origins of one statement. */
export class SqlText {
  readonly text: string;
  /** Name of the stored view whose text it is; undefined: what the program asked. */
  readonly view: string | undefined;
  /** Unique in the process. */
  readonly id = ++lastText;
  #lineStarts: number[] | undefined;

  constructor(text: string, view?: string) {
    this.text = text;
    this.view = view;
  }

  /** @returns line from 1, position in the line from 0, in code units */
  locate(offset: number): { readonly line: number; readonly position: number } {
    this.#lineStarts ??= lineStartsOf(this.text);
    const { line, column } = placeOf(this.#lineStarts, offset);
    return { line: line + 1, position: column };
  }
}

/** A piece of a SQL text: [start, stop) in code units. Cheap to make; line and position are worked out when read. */
export class Origin {
  readonly sqlText: SqlText;
  readonly start: number;
  readonly stop: number;

  constructor(sqlText: SqlText, start: number, stop: number) {
    this.sqlText = sqlText;
    this.start = start;
    this.stop = stop;
  }

  get line(): number {
    return this.sqlText.locate(this.start).line;
  }

  get position(): number {
    return this.sqlText.locate(this.start).position;
  }

  /** The text of the node itself. */
  get fragment(): string {
    return this.sqlText.text.slice(this.start, this.stop);
  }
}
