// A Transport whose Unix sockets stay reachable: cleaners of temporary folders and careless hands remove socket files, and then a daemon runs
// that nobody reaches. It looks at its own files, and listens anew where one is gone. Around either adapter (net-transport.ts, ipc-transport.ts).
import { existsSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { parseAddress } from '../common/address.ts';
import type { Logger, Timers } from '../common/ports.ts';
import type { Address, Listener, Transport } from '../rpc/transport.ts';
import { listenEither } from './net-transport.ts';

const LOOK_MS = 1_000;

export class KeptSockets implements Transport {
  readonly #inner: Transport;
  readonly #timers: Timers;
  readonly #logger: Logger;

  constructor(inner: Transport, timers: Timers, logger: Logger) {
    this.#inner = inner;
    this.#timers = timers;
    this.#logger = logger;
  }

  connect(address: Address): Promise<Duplex> {
    return this.#inner.connect(address);
  }

  async listen(address: Address, onConnection: (stream: Duplex) => void, bindHost?: string): Promise<Listener> {
    const place = parseAddress(address);
    if (place.kind === 'either') return listenEither([this, this], place, onConnection, bindHost);
    const first = await this.#inner.listen(address, onConnection, bindHost);
    return place.kind === 'unix' ? this.#keep(place.path, first, onConnection) : first;
  }

  /** The kernel keeps the inode of a socket for as long as somebody listens on it: no other file can have its number meanwhile. */
  #keep(path: string, first: Listener, onConnection: (stream: Duplex) => void): Listener {
    const listeners = [first];
    let own = fileAt(path);
    let closed = false;
    let told = '';
    const tell = (text: string) => {
      if (text !== told) this.#logger.warn(text);
      told = text;
    };
    const look = async (): Promise<void> => {
      const there = fileAt(path);
      if (there === own) return void (told = '');
      if (there !== undefined && (await this.#answers(path)))
        return tell(
          `Another process listens at ${path}, which was this one's: whoever connects there does not reach this one. End one of the two`,
        );
      // One that was made anew here would have the rights that somebody's umask gives it.
      if (!existsSync(dirname(path))) throw new Error(`${dirname(path)} is gone, too; make it, readable by this process's user alone`);
      // Aside and moved there: to close the one before would remove whatever has its name, and cut off who is connected through it.
      const aside = `${path.slice(0, -1)}~`; // as long as the name itself: sun_path is short
      const next = await this.#inner.listen(`unix:${aside}`, onConnection);
      if (closed) return next.close();
      listeners.push(next);
      renameSync(aside, path);
      own = fileAt(path);
      this.#logger.warn(
        `Somebody removed the socket file ${path}; listening there anew. Exclude the data folder from what cleans up temporary files`,
      );
    };
    let looking = false;
    const stopLooking = this.#timers.every(LOOK_MS, () => {
      if (looking) return;
      looking = true;
      look()
        .catch((error: Error) =>
          tell(`The socket file ${path} is gone, and a new one can't be made, so that nobody reaches this process: ${error.message}`),
        )
        .finally(() => (looking = false));
    });
    return {
      address: first.address,
      unref: () => listeners.forEach((listener) => listener.unref?.()),
      close: async () => {
        closed = true;
        stopLooking();
        await Promise.all(listeners.map((listener) => listener.close()));
      },
    };
  }

  #answers(path: string): Promise<boolean> {
    return this.#inner.connect(`unix:${path}`).then(
      (stream) => stream.destroy() !== undefined,
      () => false,
    );
  }
}

/** Which file it is; undefined: there is none. */
function fileAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
