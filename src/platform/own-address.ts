// By which address of this machine another host is reached: what the kernel's routes say. A UDP socket that is connected sends nothing.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { AppError } from '../common/errors.ts';

/** @throws AppError CONNECT_FAILED: its name is not known, or no route leads there */
export async function ownAddressToward(host: string): Promise<string> {
  const failed = (error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    return new AppError('CONNECT_FAILED', { peer: 'the host', address: host, detail: code ?? message }, { cause: error });
  };
  const { address, family } = await lookup(host).catch((error: unknown) => Promise.reject(failed(error)));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(9, address, resolve);
    });
    return socket.address().address;
  } catch (error) {
    throw failed(error);
  } finally {
    socket.close();
  }
}
