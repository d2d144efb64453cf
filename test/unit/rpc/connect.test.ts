import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/common/errors.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { acceptChannel, connectPeer, untilReached } from '../../../src/rpc/connect.ts';

const FAST = { againMs: 0 };
const me = { id: 'executor:1', secret: 'aa' };
const failing = (error: Error, times: number) => {
  const made = { attempts: 0 };
  const attempt = async () => {
    if (made.attempts++ < times) throw error;
    return 'there';
  };
  return { made, attempt };
};
const connectFailed = (detail: string) => new AppError('CONNECT_FAILED', { peer: 'the driver', address: 'unix:/x', detail });

describe('untilReached', () => {
  it('waits for who is not there only when he was there a moment ago, where that is asked for', async () => {
    const lost = new AppError('CONNECTION_LOST', { peer: 'rm', detail: 'closed' });
    const nobody = new AppError('CONNECT_FAILED', { peer: 'rm', address: 'unix:/rm', detail: 'ECONNREFUSED' });
    const failsWith = (...errors: AppError[]) => {
      const left = [...errors];
      return async () => {
        const error = left.shift();
        if (error !== undefined) throw error;
        return 'there';
      };
    };
    const onceSeen = { ...FAST, restarts: 'onceSeen' } as const;
    expect(await untilReached(failsWith(lost, nobody, nobody), onceSeen)).toBe('there');
    await expect(untilReached(failsWith(nobody), onceSeen)).rejects.toBe(nobody);
    await expect(untilReached(failsWith(lost, nobody), FAST)).rejects.toBe(nobody);
  });

  it('tries again while the connection breaks on its way', async () => {
    for (const error of [
      connectFailed('closed by the other side'),
      new AppError('CONNECTION_LOST', { peer: 'the driver', detail: 'closed' }),
      new AppError('RPC_TIMEOUT', { peer: 'the driver', message: 'application.new', timeoutMs: 10_000 }),
    ]) {
      const { made, attempt } = failing(error, 3);
      expect(await untilReached(attempt, FAST)).toBe('there');
      expect(made.attempts).toBe(4);
    }
  });

  it('says at once that nobody listens, or that it is refused', async () => {
    for (const error of [connectFailed('ENOENT'), connectFailed('ECONNREFUSED'), new AppError('AUTH_REFUSED', { peer: 'the driver' })]) {
      const { made, attempt } = failing(error, 1);
      await expect(untilReached(attempt, FAST)).rejects.toBe(error);
      expect(made.attempts).toBe(1);
    }
  });

  it('gives up with the last failure when its time is over', async () => {
    const error = connectFailed('closed by the other side');
    await expect(untilReached(failing(error, 1).attempt, { reachMs: 0, againMs: 0 })).rejects.toBe(error);
  });

  it('gets through a door that turns the first two away before they have proved themselves', async () => {
    let turnedAway = 0;
    const server = createServer((stream) => {
      if (turnedAway < 2) {
        turnedAway++;
        stream.destroy();
      } else
        acceptChannel(
          stream,
          'the driver',
          () => 'aa',
          () => {},
        );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `tcp:127.0.0.1:${(server.address() as { port: number }).port}`;
    const peer = await untilReached(() => connectPeer(new NetTransport(), address, 'the driver', me), FAST);
    expect([peer.closed, turnedAway]).toEqual([false, 2]);
    peer.channel.destroy('the test is over');
    server.close();
  });
});
