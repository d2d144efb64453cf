// An error of the parser as Spark prints it: condition, SQLSTATE, sentence, place, the text with a caret under the place.
// Not here: the sentences (../errors/parse-conditions.ts). Analysis errors are thrown elsewhere with the same conditions.
// Source: org.apache.spark.sql.catalyst.parser.ParseException of Spark 4.2.
import { SparkError } from '../../../common/spark-error.ts';
import type { SqlText } from '../plan/origin.ts';
import { conditionSentence, conditionState, type MessageParameters } from '../errors/conditions.ts';

export class ParseException extends SparkError {
  override readonly name = 'ParseException';
  /** Line from 1 and position in it from 0. */
  readonly line: number;
  readonly position: number;

  /** @param start offset in the text of the token or node at fault */
  constructor(condition: string, messageParameters: MessageParameters, sqlText: SqlText, start: number) {
    const isEmpty = condition === 'PARSE_SYNTAX_ERROR' && sqlText.text.trim() === '';
    const actual = isEmpty ? 'PARSE_EMPTY_STATEMENT' : condition;
    const parameters = isEmpty ? {} : messageParameters;
    const { line, position } = sqlText.locate(start);
    const said = `\n${conditionSentence(actual, parameters)} (line ${line}, pos ${position})\n${withCaret(sqlText.text, line, position)}`;
    super(actual, conditionState(actual), said, parameters);
    this.line = line;
    this.position = position;
  }
}

function withCaret(text: string, line: number, position: number): string {
  const lines = text.split('\n');
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const above = lines.slice(0, line);
  const below = lines.slice(line);
  return `\n== SQL ==\n${above.map((l) => `${l}\n`).join('')}${'-'.repeat(position)}^^^\n${below.map((l) => `${l}\n`).join('')}`;
}
