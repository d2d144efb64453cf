// Parts of the event log's JSON that tasks, stages and jobs have in common: accumulators, and JavaScript stacks as Java's.
import type { AccumulableInfo } from '../events.ts';

type Json = Readonly<Record<string, unknown>>;

/** Metrics of SQL are texts, as Spark writes them. */
export const accumulableJson = ({ id, name, update, value, internal, countFailedValues, metadata }: AccumulableInfo): Json => ({
  ID: id,
  ...(name !== undefined && { Name: name }),
  ...(update !== undefined && { Update: metadata === 'sql' ? String(update) : update }),
  ...(value !== undefined && { Value: metadata === 'sql' ? String(value) : value }),
  Internal: internal,
  'Count Failed Values': countFailedValues,
  ...(metadata !== undefined && { Metadata: metadata }),
});

const FRAME = /^\s*(?:at )?(?:async )?(?:(\S.*?) \()?([^()\s]*?):(\d+)(?::\d+)?\)?$/;
/** JavaScript's frames as Java's: the file stands where Java has a class. */
export function stackJson(stack: string): Json[] {
  const frames: Json[] = [];
  for (const line of stack.split('\n')) {
    const [, method, file, number] = FRAME.exec(line) ?? [];
    if (file === undefined || !/^\s*at /.test(line)) continue;
    const name = file.slice(file.lastIndexOf('/') + 1);
    frames.push({
      'Declaring Class': name.replace(/\.\w+$/, ''),
      'Method Name': method ?? 'main',
      'File Name': name,
      'Line Number': Number(number),
    });
  }
  return frames;
}
