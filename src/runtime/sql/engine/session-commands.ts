// Commands that change the session alone: its variables, its functions in SQL, and EXECUTE IMMEDIATE. The catalogue's commands are others.
import { AnalysisException } from '../errors/spark-error.ts';
import { qualifiedTemporary } from '../parser/statements/clauses.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { isInSession } from '../plan/path-entry.ts';
import type { ProgramFunctions } from '../plan/user-function.ts';
import type { Command } from '../plan/commands.ts';
import { executeImmediate, type ImmediateSession } from './execute-immediate.ts';
import type { CreateFunction, SqlFunctions } from './sql-functions.ts';
import { createVariable, dropVariable, setVariable } from './variable-commands.ts';

export interface CommandSession extends ImmediateSession {
  readonly functions: SqlFunctions;
  readonly createFunction: (command: CreateFunction) => Promise<void>;
  /** Functions of the program. */
  readonly program: ProgramFunctions;
}

/** A result of no rows and no columns. */
export const NO_RESULT: LogicalPlan = { kind: 'localRelation', output: [], rows: [] };

/** @returns its result; undefined: it is no command of the session */
export async function sessionCommand(command: Command, session: CommandSession): Promise<LogicalPlan | undefined> {
  switch (command.kind) {
    case 'createVariable':
      await createVariable(command, session);
      return NO_RESULT;
    case 'setVariable':
      await setVariable(command, session);
      return NO_RESULT;
    case 'executeImmediate':
      return (await executeImmediate(command, session)) ?? NO_RESULT;
    case 'createUserDefinedFunction':
      if (!Array.isArray(command.function)) throw new AnalysisException('NOT_BUILT', { feature: 'IDENTIFIER() as the name of a function' });
      await session.createFunction(command);
      return NO_RESULT;
    case 'drop':
      if (!Array.isArray(command.name)) return undefined;
      if (command.what === 'variable') dropVariable(command, session);
      else if (command.what === 'function') {
        const prefix = (command.name as readonly string[]).slice(0, -1);
        if (command.isTemporary && prefix.length > 0 && !isInSession(prefix))
          throw new AnalysisException('INVALID_TEMP_OBJ_QUALIFIER', qualifiedTemporary('FUNCTION', command.name as readonly string[]));
        const isProgram = command.isTemporary && command.name.length === 1 && session.program.drop(command.name[0] as string);
        if (!isProgram) session.functions.drop(command);
      } else return undefined;
      return NO_RESULT;
    default:
      return undefined;
  }
}
