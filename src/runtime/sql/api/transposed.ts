// df.transpose: rows become columns, whose names are the values of an index column. The rows are collected for it, as in Spark.
// Source: org.apache.spark.sql.catalyst.analysis.ResolveTranspose of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Value } from '../logical/expressions.ts';
import { asText, call } from '../plan/make.ts';
import type { Expression } from '../plan/expressions.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
import type { Relation } from '../plan/relations.ts';
import { type DataType, STRING, structField, structType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { type ColumnOrName, columnOf } from './column.ts';
import type { DataFrameBase } from './dataframe-base.ts';
import { integerLiteral } from './literals.ts';
import { schemaOf } from './schema.ts';

const MAX_VALUES = 'spark.sql.transposeMaxValues';
const NOT_ATOMIC = new Set(['array', 'map', 'struct', 'variant', 'calendarInterval', 'null', 'geography', 'geometry']);

/** @throws Error TRANSPOSE_INVALID_INDEX_COLUMN, TRANSPOSE_NO_LEAST_COMMON_TYPE, TRANSPOSE_EXCEED_ROW_LIMIT */
export async function transposed({ session, relation }: DataFrameBase<any>, given: ColumnOrName | undefined): Promise<ProgramRows> {
  await session.ready();
  const engine = session.engine();
  const typeOf = async (e: Expression) => schemaOf(await engine.analyze({ kind: 'project', input: relation, expressions: [e] })).fields[0]!;
  const { fields } = schemaOf(await engine.analyze(relation));
  const index = given === undefined ? nameOf(fields[0]?.name ?? '') : columnOf(given).expr;
  if (index.kind !== 'unresolvedAttribute') throw invalidIndex(`Index column must be a column of the DataFrame`);
  const { name: indexName, dataType: indexType } = await typeOf(index);
  if (NOT_ATOMIC.has(indexType.tag)) throw invalidIndex(`Index column must be of atomic type, but found: ${sqlType(indexType)}`);
  const names = fields.map((f) => f.name).filter((name) => name.toLowerCase() !== indexName.toLowerCase());
  const type = await commonType(names, fields, async (e) => (await typeOf(e)).dataType);
  const most = Number(engine.settings.get(MAX_VALUES) ?? 500);
  const rows = await engine.rowsOf(await engine.prepare(sorted(relation, index, names, most + 1)));
  if (rows.length > most)
    throw new SparkIllegalArgumentException(
      'TRANSPOSE_EXCEED_ROW_LIMIT',
      '54006',
      `Number of rows exceeds the allowed limit of ${most} for TRANSPOSE. If this was intended, set ${MAX_VALUES} to at least the current row count.`,
    );
  const schema = structType([structField('key', STRING, false), ...rows.map(([text]) => structField(text as string, type))]);
  const literal = type.tag === 'time' ? (v: Value) => (v === null ? null : (v as bigint) * 1000n) : (v: Value) => v;
  const columns = rows.map(([, values]) => ((values ?? []) as readonly Value[]).map(literal));
  return { kind: 'programRows', schema, columns: [names, ...columns], rows: names.length };
}

const nameOf = (name: string): Expression => ({ kind: 'unresolvedAttribute', nameParts: [name] });

async function commonType(
  names: readonly string[],
  fields: readonly { readonly name: string; readonly dataType: DataType }[],
  typeOf: (e: Expression) => Promise<DataType>,
): Promise<DataType> {
  if (names.length === 0) return STRING;
  let type = await typeOf(nameOf(names[0]!));
  for (let i = 1; i < names.length; i++) {
    const other = fields.find((f) => f.name === names[i])!.dataType;
    try {
      if ((type.tag === 'string') !== (other.tag === 'string')) throw new Error('texts become nothing else here');
      const both = await typeOf(call('array', ...names.slice(0, i + 1).map(nameOf)));
      type = both.tag === 'array' ? both.elementType : type;
    } catch {
      throw new SparkIllegalArgumentException(
        'TRANSPOSE_NO_LEAST_COMMON_TYPE',
        '42K09',
        `Transpose requires non-index columns to share a least common type, but "${sqlType(type)}" and "${sqlType(other)}" do not.`,
      );
    }
  }
  return type;
}

/** The index as text and the other columns as one array, in the order of the index; rows without an index have no name. */
function sorted(input: Relation, index: Expression, names: readonly string[], most: number): Relation {
  const known: Relation = { kind: 'filter', input, condition: call('isnotnull', index) };
  const ordered: Relation = {
    kind: 'sort',
    input: known,
    order: [{ kind: 'sortOrder', child: index, direction: 'ascending', nullOrdering: 'nullsFirst' }],
    isGlobal: true,
  };
  const expressions = [asText(index), ...(names.length > 0 ? [call('array', ...names.map(nameOf))] : [])];
  return { kind: 'limit', input: { kind: 'project', input: ordered, expressions }, limit: integerLiteral(most) };
}

const invalidIndex = (reason: string): Error =>
  new SparkIllegalArgumentException('TRANSPOSE_INVALID_INDEX_COLUMN', '42804', `Invalid index column for TRANSPOSE because: ${reason}.`);
