// stdout and stderr of user code in a worker thread: straight to the process's files, in order and unbuffered. Node's own streams of a
// worker go through the main thread's event loop, so lines would come late, out of order, or not at all when the worker ends.
import { writeSync } from 'node:fs';

const RETRY_MS = 5;

export function writeFully(fd: number, chunk: Uint8Array): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let at = 0; at < chunk.length; ) {
    try {
      at += writeSync(fd, chunk, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return; // nobody reads any more
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(clock, 0, 0, RETRY_MS); // a pipe whose reader is slow
    }
  }
}

type Written = { readonly chunk: Uint8Array | string; readonly encoding: BufferEncoding };
type Done = (error?: Error | null) => void;

/** Call before anything prints. The stream objects stay: Node's own code holds them. */
export function useDirectStdio(): void {
  for (const [stream, fd] of [
    [process.stdout, 1],
    [process.stderr, 2],
  ] as const) {
    const write = (chunks: readonly Written[], done: Done) => {
      try {
        for (const { chunk, encoding } of chunks) writeFully(fd, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    };
    Object.assign(stream, {
      fd,
      _write: (chunk: Written['chunk'], encoding: BufferEncoding, done: Done) => write([{ chunk, encoding }], done),
      _writev: write,
    });
  }
}
