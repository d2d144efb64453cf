// Who stands by has read the files when he takes over; what is wrong with them is told once.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { StandbyFiles } from '../../../../src/resourcemanager/service/standby-files.ts';

function world() {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const logger = { debug: note, info: note, warn: note, error: note, named: () => logger } as unknown as Logger;
  const at = { standsBy: true, read: (): Promise<string> => Promise.resolve('new') };
  let look = () => {};
  const timers = {
    after: () => () => {},
    every: (_: number, run: () => void) => {
      look = run;
      return () => (look = () => {});
    },
  };
  const files = new StandbyFiles({ timers, logger, standsBy: () => at.standsBy, read: () => at.read() }, 'first');
  const tick = async () => {
    look();
    await new Promise(setImmediate);
  };
  return { at, said, files, tick };
}
const bad = () =>
  Promise.reject(new AppError('QUEUE_CONFIG_INVALID', { file: 'capacity-scheduler.yaml', line: 3, detail: 'no such queue' }));

describe('the files of who stands by', () => {
  it('are read as long as it stands by', async () => {
    const { at, files, tick } = world();
    expect(files.latest).toBe('first');
    await tick();
    expect(files.latest).toBe('new');
    at.standsBy = false;
    at.read = () => Promise.resolve('newer');
    await tick();
    expect(files.latest).toBe('new');
    at.standsBy = true;
    files.stop();
    await tick();
    expect(files.latest).toBe('new');
  });

  it('the last good ones hold when one is bad, which is told once and again when it is another fault', async () => {
    const { at, said, files, tick } = world();
    await tick();
    at.read = bad;
    await tick();
    await tick();
    expect(files.latest).toBe('new');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/capacity-scheduler\.yaml:3: no such queue.*A takeover would go by what was read before/);
    at.read = () => Promise.resolve('good');
    await tick();
    expect(files.latest).toBe('good');
    expect(said[1]).toBe('What a takeover goes by can be read again');
    at.read = bad;
    await tick();
    expect(said).toHaveLength(3);
  });

  it('one look waits for the other: what was read first never replaces what was read last', async () => {
    const { at, files, tick } = world();
    let slow = (_: string) => {};
    at.read = () => new Promise((resolve) => (slow = resolve));
    await tick();
    at.read = () => Promise.resolve('second');
    await tick();
    expect(files.latest).toBe('first');
    slow('slow');
    await new Promise(setImmediate);
    expect(files.latest).toBe('slow');
  });
});
