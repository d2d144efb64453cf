// What user code threw, as an error that travels: name, message and the stack down to where the engine called. Operating errors pass as they are.
import { AppError } from '../../../common/errors.ts';

export function taskError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Error))
    return new AppError(
      'TASK_FAILED',
      { name: 'Error', message: describe(thrown), stack: `Uncaught ${describe(thrown)}` },
      { cause: thrown },
    );
  return new AppError('TASK_FAILED', { name: thrown.name, message: thrown.message, stack: userStack(thrown) }, { cause: thrown });
}

const describe = (thrown: unknown): string => {
  try {
    return typeof thrown === 'object' ? JSON.stringify(thrown) : String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
};

/** Frames of the engine: this folder when run from source, the worker's bundle otherwise. */
const ENGINE =
  /[\\/](executor[\\/]compute[\\/]|executor[\\/]compile-stage|runtime[\\/]shuffle[\\/]|dist[\\/](worker|executor|runtime)(\.main)?\.cjs)/;

/** The stack without the engine's frames below the user's, and with the causes. */
function userStack(error: Error): string {
  const lines = (typeof error.stack === 'string' ? error.stack : `${error.name}: ${error.message}`).split('\n');
  let last = lines.length;
  while (last > 1 && (ENGINE.test(lines[last - 1]!) || /node:internal/.test(lines[last - 1]!))) last--;
  const isOwn = (line: string) => /^\s+at /.test(line) && ENGINE.test(line);
  const kept = lines
    .slice(0, last)
    .filter((line) => !isOwn(line))
    .join('\n');
  return error.cause instanceof Error ? `${kept}\nCaused by: ${userStack(error.cause)}` : kept;
}
