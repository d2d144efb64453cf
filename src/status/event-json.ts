// Events ↔ lines of Spark 4's event log: the door. The driver writes with it (runtime/driver/event-log/), the history server reads with it,
// logs of ours and of real Spark 2 to 4. A line is one JSON object. The parts are in event-json/.
import { type Json, number, object, text } from './event-json/fields.ts';
import { readPeaks, readRare } from './event-json/read.ts';
import { readTaskEnd, readTaskInfo } from './event-json/read-tasks.ts';
import { eventObject } from './event-json/write.ts';
import type { RareEvent, StatusListener } from './events.ts';

export { taskEndJson, taskStartJson } from './event-json/write-tasks.ts';

/** One line, without its end. */
export const eventJson = (event: RareEvent): string => JSON.stringify(eventObject(event));

/** Reads a log line by line and tells a listener. One line that can't be read costs that line. */
export class EventReader {
  readonly #listener: StatusListener;
  /** Lines of events that this version does not know. */
  unknown = 0;
  /** Lines that are no JSON, and known events without what they must have. */
  malformed = 0;
  /** Of the last malformed line: what is wrong. */
  lastFault: string | undefined;

  constructor(listener: StatusListener) {
    this.#listener = listener;
  }

  line(line: string): void {
    if (line === '') return;
    let tell: (() => void) | undefined;
    try {
      tell = this.#read(JSON.parse(line) as Json);
    } catch (error) {
      // Whatever it is, it is the line's fault: a list with null in it, a number where an object should be.
      this.malformed++;
      this.lastFault = (error as Error).message;
    }
    tell?.();
  }

  /** @throws Malformed */
  #read(json: Json): () => void {
    const name = text(json, 'Event');
    if (name === 'SparkListenerTaskStart') {
      const [stageId, attemptId, task] = [
        number(json, 'Stage ID'),
        number(json, 'Stage Attempt ID', 0),
        readTaskInfo(object(json, 'Task Info')),
      ];
      return () => this.#listener.taskStarted(stageId, attemptId, task);
    }
    if (name === 'SparkListenerTaskEnd') {
      const [stageId, attemptId, task] = [number(json, 'Stage ID'), number(json, 'Stage Attempt ID', 0), readTaskEnd(json)];
      const peaks = readPeaks(json);
      return () => {
        if (peaks !== undefined) this.#listener.on({ tag: 'stageExecutorMetrics', executorId: task.executorId, stageId, attemptId, peaks });
        this.#listener.taskEnded(stageId, attemptId, task);
      };
    }
    const events = readRare(name, json);
    if (events === undefined) this.unknown++;
    return () => {
      for (const event of events ?? []) this.#listener.on(event);
    };
  }
}
