// Functions about the session, errors on purpose, and types. Source: misc.scala of Spark 4.2.
import { DEFAULT_DATABASE } from '../catalog/entries.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { DEFAULT_PATH, shownPath } from '../plan/path-entry.ts';
import * as T from '../types/data-type.ts';
import { catalogString } from '../types/type-names.ts';
import { IN } from './coercion.ts';
import { nextUse, scalar } from './make-specs.ts';
import type { FunctionSpec, ScalarSpec } from './spec.ts';

const { INTEGER, LONG, NULL, STRING } = T;

/** What this runs as, as Spark's version() says it: its number and a revision. */
const VERSION = '4.2.0 0000000000000000000000000000000000000000';

const refused = (names: string, arity: ScalarSpec['arity'], error: (name: string) => AnalysisException): FunctionSpec[] =>
  names.split(' ').map((name) => ({
    name,
    kind: 'scalar',
    arity,
    coerce: () => {
      throw error(name);
    },
    result: NULL,
  }));
/** Functions of Spark's that are not here, and why. @param feature with the function's name as `<name>` */
const notHere = (names: string, arity: ScalarSpec['arity'], feature: string): FunctionSpec[] =>
  refused(names, arity, (name) => new AnalysisException('NOT_BUILT', { feature: feature.replace('<name>', name) }));
/** As in a Spark without the source's package. */
const notLoaded = (names: string, condition: string, most: number): FunctionSpec[] =>
  refused(names, [1, most], (name) => new AnalysisException(condition, { functionName: name.toUpperCase() }));

export const SESSION_FUNCTIONS: readonly FunctionSpec[] = [
  ...scalar(
    'current_user user session_user',
    [],
    STRING,
    (_, __, emit) => emit.quote(emit.settings.get('spark.sql.session.user') ?? userName()),
    {
      nullable: false,
    },
  ),
  ...scalar('current_catalog', [], STRING, "'spark_catalog'", { nullable: false }),
  ...scalar('current_database current_schema', [], STRING, '', {
    nullable: false,
    atStart: ({ names }) => ({ ...literal(names?.database ?? DEFAULT_DATABASE, STRING), shown: 'current_schema()' }),
  }),
  ...scalar('current_path', [], STRING, '', {
    nullable: false,
    atStart: ({ names }) => ({ ...literal(shownPath(names?.path ?? DEFAULT_PATH), STRING), shown: 'current_path()' }),
  }),
  ...scalar('version', [], STRING, `'${VERSION}'`, { nullable: false }),
  ...scalar('uuid', [], STRING, 'CAST(uuid() AS VARCHAR)', { nullable: false, deterministic: false, arity: [0, 1] }),
  ...scalar('monotonically_increasing_id', [], LONG, (_, __, emit) => `${emit.jsFunction('row_counter', nextUse())}()`, {
    nullable: false,
    deterministic: false,
  }),
  // A query is one partition of the kernel so far.
  ...scalar('spark_partition_id', [], INTEGER, '0', { nullable: false, resultName: () => 'SPARK_PARTITION_ID()' }),
  ...scalar('typeof', [IN.any], STRING, (_, call, emit) => emit.quote(catalogString(call.args[0]!.dataType)), { nullable: false }),
  ...scalar(
    'raise_error',
    [IN.string],
    NULL,
    ([message], _, emit) => emit.raiseWith('USER_RAISED_EXCEPTION', {}, { errorMessage: said(message!) }),
    {
      nullable: true,
      resultName: ([message]) => `raise_error(USER_RAISED_EXCEPTION, map(errorMessage, ${message}))`,
    },
  ),
  ...scalar(
    'assert_true',
    [IN.boolean, IN.string],
    NULL,
    ([condition, message], _, emit) => {
      return `CASE WHEN ${condition} THEN NULL ELSE ${emit.raiseWith('USER_RAISED_EXCEPTION', {}, { errorMessage: said(message!) })} END`;
    },
    {
      arity: [1, 2],
      coerce: (args) => (args.length === 2 ? args : [...args, literal(`'${prettySql(args[0]!)}' is not true!`, STRING)]),
      nullable: true,
    },
  ),
  // Columns of scans: analysis/input-files.ts.
  ...scalar('input_file_name', [], STRING, "''", { nullable: false }),
  ...scalar('input_file_block_start input_file_block_length', [], LONG, '-1::BIGINT', { nullable: false }),
  ...notHere('java_method reflect try_reflect', [2, Number.POSITIVE_INFINITY], "<name>, a call of Java's classes: there is no JVM"),
  ...notLoaded('from_avro to_avro schema_of_avro', 'AVRO_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE', 3),
  ...notLoaded('from_protobuf to_protobuf', 'PROTOBUF_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE', 4),
];

/** An error without a message is one, too. */
function said(message: string): string {
  return `coalesce(${message}, 'null')`;
}

function userName(): string {
  return process.env.USER ?? process.env.LOGNAME ?? 'emberloom';
}
