// What the driver does to sockets of its executors beside talking: they keep no program alive, and a dead one leaves no file.
import { rmSync } from 'node:fs';
import { socketPathOf } from '../../../common/address.ts';
import type { Channel } from '../../../rpc/channel.ts';

/** What was killed with SIGKILL can't take its socket away itself. */
export const removeSocket = (address: string): void => {
  const path = socketPathOf(address); // of another host it is not here, and nothing is lost
  if (path !== undefined) rmSync(path, { force: true });
};

export const unref = ({ stream }: Channel): void => {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
};
