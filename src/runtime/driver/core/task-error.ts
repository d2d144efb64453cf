// How a task failed, as data, and as what is told of it: the line in the log and the error that the program catches.
import { type ErrorCode, hintOf, sentence } from '../../../common/errors.ts';

export type TaskError = { readonly code: ErrorCode; readonly params: unknown };

/** The sentence and, where there is one, what to do: a heap that ran full, a disk without space. */
export function told({ code, params }: TaskError): string {
  const hint = hintOf(code, params as never);
  return sentence(code, params as never) + (hint === undefined ? '' : `\n${hint}`);
}

/** The user's own error, as far as it can be told apart from the sentence. */
export function causeOf({ code, params }: TaskError): Error {
  const cause = new Error(sentence(code, params as never));
  if (code !== 'TASK_FAILED') return cause;
  const { name, message, stack } = params as { name: string; message: string; stack: string };
  cause.message = message;
  cause.name = name;
  cause.stack = stack;
  return cause;
}
