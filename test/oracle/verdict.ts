// One statement of Spark's SQL tests: what our engine answered against what Spark did.
import { SparkError } from '../../src/common/spark-error.ts';
import { AnalysisException } from '../../src/runtime/sql/errors/spark-error.ts';
import type { SqlCase } from './spark-sql-tests.ts';
import type { Outcome } from '../helpers/sql-session.ts';

/** `failed`: an error where Spark has an answer. `accepted`: an answer where Spark has an error. `crash`: no error of Spark's kind. */
export type Kind = 'right' | 'schema' | 'rows' | 'condition' | 'accepted' | 'failed' | 'not built' | 'crash';
export type Verdict = {
  readonly kind: Kind;
  /** What the histogram counts: a feature, a function, a condition. */
  readonly cause?: string;
  /** For --failures. */
  readonly got?: string;
  /** A right condition with other parameters. */
  readonly hasOtherParameters?: boolean;
  /** Of a right condition that came while rows were computed: whether the piece of text that failed is Spark's. */
  readonly context?: 'same' | 'other';
};

const HIDDEN = '[not included in comparison]';
/** As the result files hide what is another at each run. Source: SQLQueryTestHelper.replaceNotIncludedMsg. */
const masked = (text: string): string =>
  text
    .replace(/#\d+/g, '#x')
    .replace(/Location.*\/warehouse\//g, `Location ${HIDDEN}/{warehouse_dir}/`)
    .replace(/file:[^\s,]*\/warehouse\b/g, `file:${HIDDEN}/{warehouse_dir}`)
    .replace(/"(created_time|last_access|created_by)":"[^"]*"/g, `"$1 ${HIDDEN}":"None"`)
    .replace(/(Created By|Created Time|Last Access).*/g, `$1 ${HIDDEN}`)
    .replace(
      /Partition Statistics\t(?:\d+|\[not included in comparison\])( bytes[^\t\n]*?) *(?=\t|$)/gm,
      `Partition Statistics\t${HIDDEN}$1`,
    )
    .replace(/^Owner +\t.*\n/gm, '') // of the user who ran the tests: there was none
    .replace(/^Owner\t.*$/gm, `Owner\t${HIDDEN}`)
    .trimEnd();

export function judgeOutcome(expected: SqlCase, got: Outcome): Verdict {
  const rows = masked((got.isOrdered ? got.rows : [...got.rows].sort()).join('\n'));
  const shown = `${got.schema}\n${rows}`;
  if (expected.error) return { kind: 'accepted', cause: expected.error.condition, got: shown };
  if (masked(got.schema) !== expected.schema) return { kind: 'schema', got: shown };
  return rows === masked(expected.output) ? { kind: 'right' } : { kind: 'rows', got: shown };
}

export function judgeError(expected: SqlCase, error: unknown): Verdict {
  if (!(error instanceof SparkError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      kind: 'crash',
      cause: (error instanceof Error ? error.message : text)
        .split('\n')[0]!
        .replaceAll(/"[^"]*"|'[^']*'|\d+/g, '…')
        .slice(0, 110),
      got: text,
    };
  }
  const { condition, messageParameters } = error;
  const got = `${condition} ${JSON.stringify(messageParameters)}`;
  if (condition === 'NOT_BUILT') return { kind: 'not built', cause: messageParameters.feature ?? '', got };
  if (condition === 'UNRESOLVED_ROUTINE' && expected.error?.condition !== condition)
    return { kind: 'not built', cause: `function ${messageParameters.routineName}`, got };
  if (expected.error === undefined) return { kind: 'failed', cause: condition, got: error.message };
  const wanted = expected.error.condition;
  if (condition !== wanted && wanted !== '') return { kind: 'condition', cause: `${wanted} ← ${condition}`, got };
  const sorted = (parameters: object) => JSON.stringify(Object.entries(parameters).sort());
  const [piece] = error instanceof AnalysisException ? error.queryContext : [];
  const context = piece === undefined ? '' : `${piece.fragment} at ${piece.startIndex + 1}`;
  return {
    kind: 'right',
    hasOtherParameters: wanted !== '' && sorted(messageParameters) !== sorted(expected.error.parameters),
    ...(expected.error.isRuntime && { context: context === expected.error.context ? 'same' : 'other' }),
    got: `${got}\n${context}`,
  };
}
