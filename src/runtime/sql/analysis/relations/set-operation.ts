// UNION, INTERSECT, EXCEPT: both sides to common types, names of the left; BY NAME with missing columns. Source: WidenSetOperationTypes,
// ResolveUnion, CheckAnalysis of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo, widerType } from '../../functions/coercion.ts';
import { aliasOf, type Attribute, type Expr, literal, newAttribute } from '../../logical/expressions.ts';
import { freshIds } from '../../logical/plan-tree.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { SetOperation } from '../../plan/relations.ts';
import { type DataType, sameType } from '../../types/data-type.ts';
import { isOrderable } from '../../types/orderable.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from '../analysis.ts';
import { inQuotes, quoted } from '../names.ts';

export function resolveSetOperation(relation: SetOperation, env: Environment, analysis: Analysis): Resolved {
  const first = visiblePlan(analysis.relation(relation.leftInput, env));
  const second = visiblePlan(analysis.relation(relation.rightInput, env));
  const [l, r] = relation.byName ? byName(first, second, relation) : [first, second];
  const operator = operatorName(relation);
  const [leftTypes, rightTypes] = [outputOf(l), outputOf(r)];
  if (leftTypes.length !== rightTypes.length)
    throw new AnalysisException(
      'NUM_COLUMNS_MISMATCH',
      { operator, firstNumColumns: String(leftTypes.length), invalidOrdinalNum: 'second', invalidNumColumns: String(rightTypes.length) },
      relation.origin,
    );
  const types = leftTypes.map((a, i) => commonType(a, rightTypes[i]!, i, operator, relation));
  const [left, right] = [withTypes(l, types), withTypes(r, types)];
  return over(operation(left, right, relation), env);
}

function operation(left: LogicalPlan, right: LogicalPlan, { setOpType, isAll, byName, origin }: SetOperation): LogicalPlan {
  const [l, r] = [outputOf(left), outputOf(right)];
  if (setOpType === 'union') {
    const output = l.map((a, i) => newAttribute(a.name, unionType(a, r[i]!), a.nullable || r[i]!.nullable));
    const union: LogicalPlan = { kind: 'union', children: [...unionChildren(left, isAll === true), right], output };
    return isAll || byName ? (isAll ? union : { kind: 'distinct', child: union }) : { kind: 'distinct', child: union };
  }
  const bad = l.find((a) => !isOrderable(a.dataType));
  if (bad !== undefined)
    throw new AnalysisException(
      'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE',
      { colName: quoted([bad.name]), dataType: inQuotes(sqlType(bad.dataType)) },
      origin,
    );
  const shared = new Set(l.map((a) => a.exprId));
  const own = r.some((a) => shared.has(a.exprId)) ? freshIds(right) : right;
  return { kind: setOpType, left, right: own, isAll };
}

/** A chain of hundreds is one union, not one inside the other. Source: CombineUnions. */
function unionChildren(left: LogicalPlan, isAll: boolean): readonly LogicalPlan[] {
  const union = left.kind === 'distinct' && !isAll ? left.child : left;
  return union.kind === 'union' ? union.children : [left];
}

/** Types are equal but for nullability inside, which is either's. */
const unionType = (a: Attribute, b: Attribute): DataType =>
  sameType(a.dataType, b.dataType) ? a.dataType : (widerType(a.dataType, b.dataType) ?? a.dataType);

function operatorName({ setOpType, isAll }: SetOperation): string {
  return `${setOpType.toUpperCase()}${isAll && setOpType !== 'union' ? ' ALL' : ''}`;
}

function commonType(a: Attribute, b: Attribute, i: number, operator: string, relation: SetOperation): DataType {
  const type = widerType(a.dataType, b.dataType);
  if (type !== undefined) return type;
  throw new AnalysisException(
    'INCOMPATIBLE_COLUMN_TYPE',
    {
      operator,
      columnOrdinalNumber: ordinal(i),
      tableOrdinalNumber: 'second',
      dataType1: inQuotes(sqlType(b.dataType)),
      dataType2: inQuotes(sqlType(a.dataType)),
      hint: '',
    },
    relation.origin,
  );
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const ordinal = (i: number): string => ORDINALS[i] ?? `${i + 1}th`;

export function withTypes(plan: LogicalPlan, types: readonly DataType[]): LogicalPlan {
  const output = outputOf(plan);
  if (output.every((a, i) => sameType(a.dataType, types[i]!))) return plan;
  return {
    kind: 'project',
    child: plan,
    projectList: output.map((a, i) => (sameType(a.dataType, types[i]!) ? a : aliasOf(castTo(a, types[i]!), a.name))),
  };
}

/** The right side's columns in the left's order; what one side lacks is NULL where that is allowed. */
function byName(left: LogicalPlan, right: LogicalPlan, relation: SetOperation): readonly [LogicalPlan, LogicalPlan] {
  const [l, r] = [outputOf(left), outputOf(right)];
  const same = (a: Attribute) => (b: Attribute) => a.name.toLowerCase() === b.name.toLowerCase();
  const missing = (a: Attribute): Expr => {
    if (relation.allowMissingColumns) return literal(null, a.dataType);
    const fieldNames = r.map((b) => b.name).join(', ');
    throw new AnalysisException('_LEGACY_ERROR_TEMP_1201', { colName: a.name, fieldNames }, relation.origin);
  };
  const rightList = l.map((a) => r.find(same(a)) ?? aliasOf(missing(a), a.name));
  const rest = r.filter((b) => !l.some(same(b)));
  if (rest.length > 0 && !relation.allowMissingColumns)
    throw new AnalysisException(
      'NUM_COLUMNS_MISMATCH',
      { operator: 'UNION', firstNumColumns: String(l.length), invalidOrdinalNum: 'second', invalidNumColumns: String(r.length) },
      relation.origin,
    );
  const leftPlan: LogicalPlan =
    rest.length === 0
      ? left
      : { kind: 'project', child: left, projectList: [...l, ...rest.map((b) => aliasOf(literal(null, b.dataType), b.name))] };
  return [leftPlan, { kind: 'project', child: right, projectList: [...rightList, ...rest] }];
}
