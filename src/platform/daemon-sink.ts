// Where the log of a daemon goes: its standard output, which its launcher has opened on a file. A disk that is full or has become read-only
// loses lines and never the daemon: process.stdout would end the process. How many were lost is said when the disk takes some again.
import { fstatSync, writeSync } from 'node:fs';
import type { LogSink } from './log4j-logger.ts';

/** @param write of a file: the system's */
export function daemonSink(fd = 1, write: (fd: number, text: string) => unknown = writeSync): LogSink {
  if (!fstatSync(fd).isFile()) return process.stdout; // a terminal, or a pipe, which takes bytes when its reader does
  let lost = 0;
  return {
    write(text) {
      try {
        if (lost > 0) write(fd, `${lost} lines of this log are lost: they could not be written\n`);
        lost = 0;
        write(fd, text);
      } catch {
        lost++;
      }
    },
  };
}
