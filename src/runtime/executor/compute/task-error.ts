// What user code threw, as an error that travels: name, message and the stack down to where the engine called. Operating errors pass as they are.
import { AppError } from '../../../common/errors.ts';
import type { Captured } from '../../closure/captured.ts';

/** @param places of the stage's functions: what is no Error has no stack, so this is all that can be said of where it was thrown */
export function taskError(thrown: unknown, places: readonly string[] = []): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Error))
    return new AppError(
      'TASK_FAILED',
      { name: 'Error', message: describe(thrown), stack: `Uncaught ${describe(thrown)}${thrownAt(places)}` },
      { cause: thrown },
    );
  return new AppError('TASK_FAILED', { name: thrown.name, message: thrown.message, stack: userStack(thrown) }, { cause: thrown });
}

function thrownAt(places: readonly string[]): string {
  if (places.length === 0) return '';
  return `\n    thrown without a stack (it is no Error) by ${places.length === 1 ? 'the function' : 'one of the functions'} at ${places.join(', ')}`;
}

/** `/app/job.ts:14:26` of each function that the operations of a stage were given. */
export function placesOf({ roots, nodes, definitions }: Captured): string[] {
  const places = roots.map((root) => {
    const [kind, definition] = (typeof root === 'object' && root !== null ? nodes[root.r] : undefined) ?? [];
    if (kind !== 'f') return undefined;
    const { file, line, column } = definitions[definition as number]!;
    return `${file}:${line + 1}:${column + 1}`;
  });
  return [...new Set(places.filter((place) => place !== undefined))];
}

const describe = (thrown: unknown): string => {
  try {
    return typeof thrown === 'object' ? JSON.stringify(thrown) : String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
};

/** Frames of the engine: this folder when run from source, the worker's bundle otherwise. */
const SOURCES = /[\\/](executor[\\/]compute[\\/]|executor[\\/]compile-stage|runtime[\\/](shuffle|sql[\\/]udf)[\\/])/;
const BUNDLES = /[\\/]dist[\\/](worker|executor|runtime|sql-functions)(\.main)?\.cjs/;
const isEngine = (line: string): boolean => SOURCES.test(line) || BUNDLES.test(line);

/** The stack without the engine's frames below the user's, and with the causes. */
function userStack(error: Error, told = new Set<Error>()): string {
  told.add(error); // causes may go in a circle
  const lines = (typeof error.stack === 'string' ? error.stack : `${error.name}: ${error.message}`).split('\n');
  let last = lines.length;
  while (last > 1 && (isEngine(lines[last - 1]!) || /node:internal/.test(lines[last - 1]!))) last--;
  const isOwn = (line: string) => /^\s+at /.test(line) && isEngine(line);
  const kept = lines
    .slice(0, last)
    .filter((line) => !isOwn(line))
    .join('\n');
  const { cause } = error;
  return cause instanceof Error && !told.has(cause) ? `${kept}\nCaused by: ${userStack(cause, told)}` : kept;
}
