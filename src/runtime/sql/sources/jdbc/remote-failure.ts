// What another database, or the way to it, says when something fails, as a condition of ours. Passwords stand in none of it.
import type { RemoteDatabase } from '../../../../common/remote-database.ts';
import { AppError } from '../../../../common/errors.ts';
import { AnalysisException } from '../../errors/spark-error.ts';

const shown = (database: RemoteDatabase): string =>
  database.kind === 'sqlite'
    ? `jdbc:sqlite:${database.path}`
    : `jdbc:${database.kind}://${database.host}:${database.port}/${database.database}`;

export function remoteFailure(error: Error, database: RemoteDatabase): Error {
  if (error instanceof AppError || error instanceof AnalysisException) return error;
  const password = database.kind === 'sqlite' ? undefined : database.password;
  // Of the kernel's own words around it nobody has any use.
  const words =
    /ERROR: +([\s\S]*?)(?:\n(?:LINE|CONTEXT)|$)/.exec(error.message)?.[1] ??
    error.message
      .trim()
      .replace(
        /^IO Error: (?:Unable to connect to \w+ at "[^"]*"|Failed to connect to MySQL database with parameters "[^"]*"|Failed to \w+ (?:MySQL )?query "[\s\S]*?"): /,
        '',
      )
      .replace(/\s*\n\s*LINE 1: [\s\S]*$/, '');
  const made = new AnalysisException('FAILED_JDBC', {
    url: shown(database),
    words: password ? words.replaceAll(password, '*********(redacted)') : words,
  });
  return made;
}
