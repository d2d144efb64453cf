// A daemon's log on a disk that takes nothing: lines are lost and counted, the daemon goes on.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { daemonSink } from '../../../src/platform/daemon-sink.ts';

it('loses what can not be written, and says how much it was', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sink-'));
  const fd = openSync(join(dir, 'log'), 'a');
  let isFull = false;
  const sink = daemonSink(fd, (to, text) => {
    if (isFull) throw new Error('ENOSPC');
    return writeSync(to, text);
  });
  sink.write('one\n');
  isFull = true;
  sink.write('two\n');
  sink.write('three\n');
  isFull = false;
  sink.write('four\n');
  sink.write('five\n');
  expect(readFileSync(join(dir, 'log'), 'utf8')).toBe('one\n2 lines of this log are lost: they could not be written\nfour\nfive\n');
  closeSync(fd);
  rmSync(dir, { recursive: true });
});

it('does not end the process that logs to a file which can not be written', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sink-'));
  writeFileSync(join(dir, 'log'), 'before\n');
  const fd = openSync(join(dir, 'log'), 'r'); // EBADF at each write
  expect(() => daemonSink(fd).write('lost\n')).not.toThrow();
  closeSync(fd);
  rmSync(dir, { recursive: true });
});
