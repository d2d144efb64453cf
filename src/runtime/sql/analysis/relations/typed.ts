// Typed Datasets: whether a plan's columns fit what the program's values are made of, those columns alone, and joinWith. How values are made of
// them is ../../api/shapes.ts. Source: Dataset.as, Dataset.joinWith, ResolveDeserializer, ResolveUpCast and Cast.canUpCast of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo, isNumeric, isString } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import { aliasOf, type Attribute, attributeOf, type Expr, literal, type NamedExpr } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { JoinWith, Typed, TypedColumns } from '../../plan/dataset-relations.ts';
import { type DataType, sameType, STRING, type StructType } from '../../types/data-type.ts';
import { simpleString, sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, over, type Resolved, scopeOf, visiblePlan } from '../analysis.ts';
import { checkRowCondition } from '../check-aggregate.ts';
import { quoted } from '../names.ts';
import { unresolvedColumn } from '../scope.ts';
import { booleanCondition } from './filter.ts';
import { withOwnIds } from './join.ts';

export function resolveTyped({ input: of, columns, keepsColumns }: Typed, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(of, env);
  const list = typedColumns(input, columns);
  if (keepsColumns) return input;
  return over({ kind: 'project', child: visiblePlan(input), projectList: list }, env);
}

/** The rows' own columns stay below the join, so that the condition finds them. */
export function resolveJoinWith(relation: JoinWith, env: Environment, analysis: Analysis): Resolved {
  const left = analysis.relation(relation.left, env);
  const right = withOwnIds(left, analysis.relation(relation.right, env), env);
  const both = scopeOf([...left.scope.attributes, ...right.scope.attributes], env);
  const condition = booleanCondition(analysis.expression(relation.joinCondition, both, env), 'join');
  checkRowCondition(condition);
  const [l, r] = [left, right].map((side, i) => withRow(side, relation.columns[i]!, `_${i + 1}`, analysis)) as [WithRow, WithRow];
  const { joinType } = relation;
  const plan: LogicalPlan = {
    kind: 'join',
    left: l.plan,
    right: r.plan,
    joinType: joinType === 'cross' ? 'inner' : joinType,
    condition,
  };
  const output = outputOf(plan);
  const rows = [l.row, r.row].map((row) => output.find((a) => a.exprId === row.exprId)!);
  return over({ kind: 'project', child: plan, projectList: rows }, env);
}

type WithRow = { readonly plan: LogicalPlan; readonly row: Attribute };

/** The side with its typed row as one more column. */
function withRow(side: Resolved, columns: TypedColumns, name: string, analysis: Analysis): WithRow {
  const list = typedColumns(side, columns);
  const value = columns.isValue
    ? list[0]!
    : makeCall(
        'named_struct',
        list.flatMap((e) => [literal(e.name, STRING), valueOf(e)]),
        analysis.settings,
      );
  const row = aliasOf(value, name);
  return { plan: { kind: 'project', child: side.plan, projectList: [...outputOf(side.plan), row] }, row: attributeOf(row) };
}
const valueOf = (e: NamedExpr): Expr => (e.kind === 'alias' ? e.child : e);

/** @throws AnalysisException UNRESOLVED_COLUMN, UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH, CANNOT_UP_CAST_DATATYPE */
function typedColumns({ scope }: Resolved, { schema, byPosition, isValue }: TypedColumns): readonly NamedExpr[] {
  const { attributes } = scope;
  if (schema === undefined) return isValue ? attributes.slice(0, 1) : attributes;
  if (byPosition && attributes.length !== schema.fields.length)
    throw new AnalysisException('UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH', {
      schema: `"${sqlType(structOf(attributes))}"`,
      ordinal: String(schema.fields.length),
    });
  return schema.fields.map((f, i): NamedExpr => {
    const found = byPosition ? [attributes[i]!] : attributes.filter((a) => a.name.toLowerCase() === f.name.toLowerCase());
    if (found.length === 0) throw unresolvedColumn([f.name], scope, undefined);
    if (found.length > 1)
      throw new AnalysisException('AMBIGUOUS_REFERENCE', {
        name: quoted([f.name]),
        referenceNames: `[${found.map((a) => quoted([...a.qualifier, a.name])).join(', ')}]`,
      });
    return upCast(found[0]!, f.dataType, f.name);
  });
}

const structOf = (attributes: readonly Attribute[]): StructType => ({
  tag: 'struct',
  fields: attributes.map((a) => ({ name: a.name, dataType: a.dataType, nullable: a.nullable, metadata: {} })),
});

function upCast(a: Attribute, to: DataType, name: string): NamedExpr {
  if (!canUpCast(a.dataType, to))
    throw new AnalysisException('CANNOT_UP_CAST_DATATYPE', {
      expression: a.name,
      sourceType: `"${sqlType(a.dataType)}"`,
      targetType: `"${sqlType(to)}"`,
      details: `The type path of the target object is:\n- field (class: "${simpleString(to)}", name: "${name}")\nYou can either add an explicit cast to the input data or choose a higher precision type of the field in the target object`,
    });
  return sameType(a.dataType, to) && a.name === name ? a : aliasOf(castTo(a, to), name);
}

const PRECEDENCE: readonly string[] = ['byte', 'short', 'integer', 'long', 'float', 'double'];
/** Digits that whole numbers need as decimals. */
const DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, integer: 10, long: 20 };

/** No value is lost or cut. */
function canUpCast(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.tag === 'null') return true;
  if (isString(to)) return isString(from) || !['array', 'map', 'struct', 'variant', 'binary'].includes(from.tag);
  if (isNumeric(from) && isNumeric(to)) return canWiden(from, to);
  if (from.tag === 'date') return to.tag === 'timestamp' || to.tag === 'timestamp_ntz';
  if (from.tag === 'timestamp' || from.tag === 'timestamp_ntz') return to.tag === 'timestamp' || to.tag === 'timestamp_ntz';
  if (from.tag === 'array' && to.tag === 'array') return canUpCast(from.elementType, to.elementType);
  if (from.tag === 'map' && to.tag === 'map') return canUpCast(from.keyType, to.keyType) && canUpCast(from.valueType, to.valueType);
  if (from.tag === 'struct' && to.tag === 'struct')
    return from.fields.length === to.fields.length && from.fields.every((f, i) => canUpCast(f.dataType, to.fields[i]!.dataType));
  return false;
}

function canWiden(from: DataType, to: DataType): boolean {
  if (from.tag === 'decimal' && to.tag === 'decimal')
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
  if (to.tag === 'decimal') return from.tag in DIGITS && to.precision - to.scale >= DIGITS[from.tag]!;
  if (from.tag === 'decimal')
    return to.tag === 'double' || to.tag === 'float' || (from.scale === 0 && to.tag in DIGITS && from.precision < DIGITS[to.tag]!);
  return PRECEDENCE.indexOf(from.tag) < PRECEDENCE.indexOf(to.tag);
}
