// `map at job.ts:14`: the method and the user's line, the first frame of the stack outside the engine. Source: Spark's Utils.getCallSite.
import { basename } from 'node:path';
import { framesOfUser } from '../../../common/user-frames.ts';
import { noteApiCall } from '../../rdd/api-calls.ts';

const DEPTH = 30;

/** @param engineDir folder of the engine's own files, ends with `/` */
export function callSite(method: string, engineDir: string): string {
  noteApiCall();
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  for (const { file, line } of framesOfUser(stack, engineDir)) return `${method} at ${basename(file).replace(/\?.*$/, '')}:${line}`;
  return method;
}
