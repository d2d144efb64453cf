// `map at job.ts:14`: the method and the user's line, the first frame of the stack outside the engine. Source: Spark's Utils.getCallSite.
import { basename } from 'node:path';
import { noteApiCall } from '../../rdd/api-calls.ts';

const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|\/)[^()]*?):(\d+):\d+\)?$/;
const DEPTH = 30;

/** @param engineDir folder of the engine's own files, ends with `/` */
export function callSite(method: string, engineDir: string): string {
  noteApiCall();
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  for (const line of (stack ?? '').split('\n').slice(1)) {
    const frame = FRAME.exec(line);
    if (frame === null) continue;
    const file = frame[1]!.startsWith('file://') ? decodeURIComponent(frame[1]!.slice('file://'.length)) : frame[1]!;
    if (file.startsWith(engineDir)) continue;
    return `${method} at ${basename(file).replace(/\?.*$/, '')}:${frame[2]}`;
  }
  return method;
}

/** The frames of a stack that are the user's, as text. */
export function userFrames(at: Error, engineDir: string): string {
  const own = (at.stack ?? '')
    .split('\n')
    .slice(1)
    .filter((line) => {
      const file = FRAME.exec(line)?.[1]?.replace(/^file:\/\//, '');
      return file !== undefined && !decodeURIComponent(file).startsWith(engineDir);
    });
  return own.join('\n');
}
