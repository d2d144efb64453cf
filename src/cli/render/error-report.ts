// What a person reads when a command fails: one sentence, the hint, and with EMBERLOOM_DEBUG=1 the code, the stack and the causes.
// The first line is `Error: <sentence>`, which is what tools that drive spark-submit look for.
import { AppError } from '../../common/errors.ts';

/** Ours, or of the runtime bundle, which has its own copy of the class. */
export const isAppError = (error: unknown): error is AppError =>
  error instanceof AppError || (error instanceof Error && error.name === 'AppError' && 'code' in error && 'exitCode' in error);

/** @param debug EMBERLOOM_DEBUG is set */
export function errorReport(error: unknown, debug: boolean): string {
  if (!isAppError(error)) return `Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  const hint = error.hint === undefined ? '' : `  ${error.hint}\n`;
  const code = showsCode(error) ? ` [${error.code}]` : '';
  const sentence = error.message.startsWith('Error: ') ? error.message.slice('Error: '.length) : error.message;
  return `Error: ${sentence}${code}\n${hint}${debug ? stacks(error) : ''}`;
}

/** Spark's own sentences are parsed by tools and stay as they are; all others carry their code, which docs/ERRORS.md explains. */
const showsCode = ({ code }: AppError): boolean => code !== 'SUBMIT_USAGE' && code !== 'USER_CLASS_NOT_FOUND';

function stacks(error: Error): string {
  const own = `${error.stack ?? error.message}\n`;
  return error.cause instanceof Error ? `${own}Caused by: ${stacks(error.cause)}` : own;
}
