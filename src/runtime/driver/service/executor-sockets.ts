// What the driver does to sockets of its executors beside talking: they keep no program alive, and a dead one leaves no file.
import { rmSync } from 'node:fs';
import type { Channel } from '../../../rpc/channel.ts';

/** What was killed with SIGKILL can't take its socket away itself. */
export const removeSocket = (address: string): void => {
  if (address.startsWith('unix:')) rmSync(address.slice('unix:'.length), { force: true });
};

export const unref = ({ stream }: Channel): void => {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
};
