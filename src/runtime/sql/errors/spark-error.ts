// Errors of analysis and of execution as Spark's users know them: condition, SQLSTATE, parameters, and where in the SQL text.
// Not here: errors of the parser (../parser/parse-error.ts), and the sentences (analysis-conditions.ts).
import { type ErrorContext, SparkError } from '../../../common/spark-error.ts';
import type { Origin } from '../plan/origin.ts';
import { conditionSentence, conditionState, type MessageParameters } from './conditions.ts';
import { contextText, queryContextOf } from './query-context.ts';

/** What fails while a plan is made: before anything is computed. Source: org.apache.spark.sql.AnalysisException. */
export class AnalysisException extends SparkError {
  override readonly name: string = 'AnalysisException';
  readonly origin: Origin | undefined;

  /** @param sentence when it is made already */
  constructor(condition: string, messageParameters: MessageParameters = {}, origin?: Origin, sentence?: string) {
    const said = sentence ?? `${conditionSentence(condition, messageParameters)}${placeText(origin)}`;
    super(condition, conditionState(condition), said, messageParameters);
    this.origin = origin;
  }

  /** The piece of SQL text that failed; none when the plan came from DataFrame methods, or when it is not known which piece it was. */
  override get queryContext(): readonly ErrorContext[] {
    return this.origin === undefined ? [] : [queryContextOf(this.origin)];
  }
}

/** What fails on a value while rows are computed: division by zero, overflow, a cast. Source: Spark's SparkArithmeticException and its siblings. */
export class SparkRuntimeException extends AnalysisException {
  override readonly name = 'SparkRuntimeException';

  /** @param sentence when it is made already. With an origin the text and its place stand below it. */
  constructor(condition: string, messageParameters: MessageParameters = {}, origin?: Origin, sentence?: string) {
    const said = sentence ?? conditionSentence(condition, messageParameters);
    super(condition, messageParameters, origin, origin === undefined ? said : `${said}\n${contextText(origin)}`);
  }
}

function placeText(origin: Origin | undefined): string {
  return origin === undefined ? '' : `; line ${origin.line} pos ${origin.position}`;
}
