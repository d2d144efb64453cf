// What is wrong with a script before anything of it runs: places of declarations, labels, handlers that stand twice. That end labels are their
// begin labels is the parser's. Source: AstBuilder.visitCompoundBodyImpl, SqlScriptingLabelContext, SqlScriptingInterpreter of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { CompoundBody, ScriptStatement } from '../../plan/script.ts';
import { quoteIdentifier } from '../../types/type-names.ts';

type Of<K extends ScriptStatement['kind']> = Extract<ScriptStatement, { kind: K }>;
type Body = readonly ScriptStatement[];
type Label = { readonly name: string; readonly isLoop: boolean };

/** @throws AnalysisException */
export function checkScript(script: CompoundBody, settings: SessionSettings): void {
  checkCompound(script, [], settings);
}

function checkCompound(body: CompoundBody, around: readonly Label[], settings: SessionSettings): void {
  const labels = withLabel(body.label, false, around);
  let reached = 0;
  for (const statement of body.body) {
    const [rank, misplaced] = placeOf(statement);
    if (rank < reached) throw misplaced('ONLY_AT_BEGINNING');
    reached = rank;
    checkStatement(statement, labels, settings);
  }
  const handlers = body.body.filter((s) => s.kind === 'declareHandler');
  checkHandlers(handlers);
}

const LAST = 3;

/** Variables and conditions, then cursors, then handlers, then all else; and the error of one that stands elsewhere. */
function placeOf(statement: ScriptStatement): readonly [rank: number, misplaced: (place: string) => AnalysisException] {
  const { origin } = statement;
  switch (statement.kind) {
    case 'single': {
      const name = variableName(statement);
      if (name === undefined) break;
      return [0, (place) => new AnalysisException(`INVALID_VARIABLE_DECLARATION.${place}`, { varName: quoteIdentifier(name) }, origin)];
    }
    case 'declareCondition': {
      const conditionName = quoteIdentifier(statement.name);
      return [
        0,
        () => new AnalysisException('INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT', { conditionName }, origin),
      ];
    }
    case 'declareCursor':
      return [1, () => new AnalysisException('INVALID_CURSOR_DECLARATION', {}, origin)];
    case 'declareHandler':
      return [2, () => new AnalysisException('INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION', {}, origin)];
  }
  return [LAST, () => new Error('a statement may stand after all declarations') as AnalysisException];
}

/** Of a DECLARE that is a variable's; a name that IDENTIFIER() computes is empty here. */
function variableName({ plan }: Of<'single'>): string | undefined {
  if (plan.tag !== 'command' || plan.command.kind !== 'createVariable') return undefined;
  const name = plan.command.variables[0];
  return Array.isArray(name) ? (name as readonly string[]).at(-1)! : '';
}

function checkStatement(statement: ScriptStatement, labels: readonly Label[], settings: SessionSettings): void {
  const { origin } = statement;
  switch (statement.kind) {
    case 'compoundBody':
      return checkCompound(statement, labels, settings);
    case 'ifElse':
    case 'case':
      for (const branch of statement.branches) checkBody(branch.body, labels, settings);
      return checkBody(statement.elseBody ?? [], labels, settings);
    case 'while':
    case 'repeat':
    case 'loop':
    case 'for':
      return checkBody(statement.body, withLabel(statement.label, true, labels), settings);
    case 'leave':
    case 'iterate':
      return checkJump(statement, labels);
    case 'declareHandler':
      if (statement.action === 'continue' && settings.get('spark.sql.scripting.continueHandlerEnabled') !== 'true')
        throw new AnalysisException('UNSUPPORTED_FEATURE.CONTINUE_EXCEPTION_HANDLER', {}, origin);
      return statement.body.kind === 'compoundBody' ? checkCompound(statement.body, labels, settings) : undefined;
    case 'declareCursor':
    case 'openCursor':
    case 'fetchCursor':
    case 'closeCursor':
      if (settings.get('spark.sql.scripting.cursorEnabled') !== 'true')
        throw new AnalysisException('UNSUPPORTED_FEATURE.SQL_CURSOR', {}, origin);
      return;
    case 'single':
      return checkDeclaration(statement);
    default:
      return;
  }
}

/** Of IF, CASE and loops: nothing is declared in them. */
function checkBody(body: Body, labels: readonly Label[], settings: SessionSettings): void {
  for (const statement of body) {
    const [rank, misplaced] = placeOf(statement);
    if (rank < LAST) throw misplaced('NOT_ALLOWED_IN_SCOPE');
    checkStatement(statement, labels, settings);
  }
}

function checkDeclaration({ plan, origin }: Of<'single'>): void {
  if (plan.tag !== 'command') return;
  const { command } = plan;
  if (command.kind === 'drop' && command.what === 'variable')
    throw new AnalysisException('UNSUPPORTED_FEATURE.SQL_SCRIPTING_DROP_TEMPORARY_VARIABLE', {}, origin);
  if (command.kind !== 'createVariable') return;
  const names = command.variables.filter((name): name is readonly string[] => Array.isArray(name));
  const qualified = names.find((name) => name.length > 1);
  const varName = (qualified ?? names[0] ?? []).map(quoteIdentifier).join('.');
  if (command.replace) throw new AnalysisException('INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE', { varName }, origin);
  if (qualified !== undefined) throw new AnalysisException('INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE', { varName }, origin);
}

function withLabel(name: string | undefined, isLoop: boolean, around: readonly Label[]): readonly Label[] {
  if (name === undefined) return around;
  const lower = name.toLowerCase();
  if (['builtin', 'session', 'system'].includes(lower) || lower.startsWith('sys'))
    throw new AnalysisException('LABEL_OR_FOR_VARIABLE_NAME_FORBIDDEN', { label: quoteIdentifier(lower) });
  if (around.some((label) => label.name === lower))
    throw new AnalysisException('LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS', { label: quoteIdentifier(lower) });
  return [...around, { name: lower, isLoop }];
}

function checkJump({ kind, target, origin }: Of<'leave' | 'iterate'>, labels: readonly Label[]): void {
  const found = labels.find((label) => label.name === target.toLowerCase());
  const labelName = quoteIdentifier(target.toLowerCase());
  if (found === undefined)
    throw new AnalysisException('INVALID_LABEL_USAGE.DOES_NOT_EXIST', { labelName, statementType: kind.toUpperCase() }, origin);
  if (kind === 'iterate' && !found.isLoop) throw new AnalysisException('INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND', { labelName }, origin);
}

const GENERAL = ['SQLEXCEPTION', 'NOT FOUND'];

function checkHandlers(handlers: readonly Of<'declareHandler'>[]): void {
  const seen = new Set<string>();
  for (const { conditions, origin } of handlers) {
    const names = conditions.map((c) => ('sqlState' in c ? `'${c.sqlState.toUpperCase()}'` : c.name.join('.').toUpperCase()));
    const general = names.find((name) => GENERAL.includes(name));
    if (general !== undefined && names.length > 1)
      throw new AnalysisException('INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION', { conditionValue: general }, origin);
    names.forEach((name, i) => {
      const isState = name.startsWith("'");
      const said = isState ? { sqlState: name } : { condition: quoteIdentifier(name) };
      const kind = isState ? 'SQLSTATE' : 'CONDITION';
      if (names.indexOf(name) < i)
        throw new AnalysisException(`INVALID_HANDLER_DECLARATION.DUPLICATE_${kind}_IN_HANDLER_DECLARATION`, said, origin);
      if (seen.has(name)) throw new AnalysisException(`DUPLICATE_EXCEPTION_HANDLER.${kind}`, said, origin);
      seen.add(name);
    });
  }
}
