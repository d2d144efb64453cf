// The user's first error in one line, with its place in the program: the last line that spark-submit prints when a program fails, and the
// first of an application's diagnostics. The whole story (Spark's text, stacks, hints) is told before it, by run-program.ts.
import { basename } from 'node:path';
import { AppError } from '../common/errors.ts';
import { describe } from './plan/task-end.ts';

/** A user's message may hold megabytes, and a terminal's line is no place for them. */
const MOST_CHARACTERS = 500;

/**
 * `RangeError: no number: three (prices.ts:7:34), task 2 in stage 0.0 failed 4 times`
 * @param error what the program threw; of a job that was aborted, the error of its task counts
 * @param story what was told of it at length: of a module's syntax error only that has the place
 * @param isOurs whether a line of a stack is the engine's
 */
export function firstErrorLine(error: unknown, story: string, isOurs: (line: string) => boolean): string {
  if (!(error instanceof AppError)) return `${oneLine(thrown(error))}${placeAbove(story) || placeIn(error, isOurs)}`;
  if (error.code === 'JOB_ABORTED' && error.cause instanceof Error) {
    const place = placeIn(error.cause, isOurs);
    return `${oneLine(thrown(error.cause))}${place || placeIn(error, isOurs)}, ${whatFailed((error as AppError<'JOB_ABORTED'>).params.reason)}`;
  }
  return `${oneLine(`[${error.code}] ${error.message.replace(/^Error: /, '')}`)}${placeIn(error, isOurs)}`;
}

function thrown(error: unknown): string {
  const { name, message } = describe(error);
  return message === '' ? name : `${name}: ${message}`;
}

/** `task 2 in stage 0.0 failed 4 times`, from Spark's sentence. */
function whatFailed(reason: string): string {
  const [sentence = ''] = reason.split(/[,.] most recent failure/i);
  return sentence.replace(/^Task /, 'task ');
}

const oneLine = (text: string): string => {
  const [line = ''] = text.trim().split('\n');
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
};

const FRAME = /^\s+at (?:.*\()?(?:async )?(?:file:\/\/)?(\/[^()]*):(\d+):(\d+)\)?$/;

/** V8 puts the place of a syntax error above its stack. */
function placeAbove(story: string): string {
  const above = /^(?:file:\/\/)?(\/[^\n]*):(\d+)\n/.exec(story);
  return above === null ? '' : ` (${basename(above[1]!)}:${above[2]})`;
}

/** ` (prices.ts:7:34)` of the topmost frame that is the program's own rather than a package's; `` when no frame is. */
function placeIn(error: unknown, isOurs: (line: string) => boolean): string {
  const frames = describe(error)
    .stack.split('\n')
    .filter((line) => !isOurs(line));
  const places = frames.map((line) => FRAME.exec(line)).filter((match) => match !== null);
  const place = places.find((m) => !m[1]!.includes('/node_modules/')) ?? places[0];
  return place === undefined ? '' : ` (${basename(place[1]!)}:${place[2]}:${place[3]})`;
}
