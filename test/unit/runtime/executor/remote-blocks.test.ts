// A reader's connections to block servers, over real sockets: what is repeated when a server goes away, and what is not.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import type { Listener } from '../../../../src/rpc/transport.ts';
import { startBlockServer } from '../../../../src/runtime/executor/block-server.ts';
import { RemoteBlocks, retrySettings } from '../../../../src/runtime/executor/remote-blocks.ts';

const APP = 'application_1_0001';
const SECRET = 's'.repeat(64);
const NEVER_MS = 3_600_000;
let folder: string;
let address: string;
let server: Listener | undefined;
const transport = new NetTransport();

const serve = async () => {
  server = await startBlockServer({ transport, address, secret: SECRET, applicationId: APP, shuffleDirs: [folder] });
};
const reader = (retry: Partial<ConstructorParameters<typeof RemoteBlocks>[2]>, by = transport, secret = SECRET) =>
  new RemoteBlocks(by, { id: `block:${APP}/2`, secret }, { maxRetries: 3, retryWaitMs: NEVER_MS, service: false, ...retry });
const read = async (blocks: RemoteBlocks) => {
  const [part] = await blocks.fetchRanges(address, [{ file: join(folder, 'f'), offset: 0, lengthBytes: 5 }]);
  return Buffer.from(part!.data!).toString();
};

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'el-blocks-')));
  writeFileSync(join(folder, 'f'), 'hello');
  address = `unix:${join(folder, 'b.sock')}`;
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a connection that was lost is made again at once', async () => {
  await serve();
  const blocks = reader({});
  expect(await read(blocks)).toBe('hello');
  await server!.close();
  await serve();
  expect(await read(blocks)).toBe('hello');
});

it('an executor whose Unix socket nobody listens on is not waited for', async () => {
  await expect(read(reader({}))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
});

it('an executor behind a network that flaps is asked again, also on a Unix socket', async () => {
  await serve();
  let tries = 0;
  const flapping = new (class extends NetTransport {
    override async connect(to: string) {
      const stream = await super.connect(to);
      if (++tries <= 2) stream.destroy(); // cut before its proof
      return stream;
    }
  })();
  expect(await read(reader({ retryWaitMs: 1 }, flapping))).toBe('hello');
  expect(tries).toBe(3);
});

it('a shuffle service may come back', async () => {
  const failures: string[] = [];
  const connecting = new (class extends NetTransport {
    override async connect(to: string) {
      try {
        return await super.connect(to);
      } catch (error) {
        failures.push((error as Error).message);
        if (failures.length === 2) await serve();
        throw error;
      }
    }
  })();
  expect(await read(reader({ service: true, retryWaitMs: 1 }, connecting))).toBe('hello');
  expect(failures.length).toBe(2);
});

it('after so many repetitions it is given up', async () => {
  let tries = 0;
  const counting = new (class extends NetTransport {
    override connect(to: string) {
      tries++;
      return super.connect(to);
    }
  })();
  await expect(read(reader({ service: true, retryWaitMs: 1, maxRetries: 4 }, counting))).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  expect(tries).toBe(5);
});

it('a refusal is final', async () => {
  await serve();
  await expect(read(reader({ service: true }, transport, 'x'.repeat(64)))).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
});

it('settings are those of the application', () => {
  expect(retrySettings(new Map())).toEqual({ maxRetries: 3, retryWaitMs: 5000, service: false });
  const conf = new Map([
    ['spark.shuffle.io.maxRetries', '7'],
    ['spark.shuffle.io.retryWait', '10ms'],
    ['spark.shuffle.service.enabled', 'true'],
  ]);
  expect(retrySettings(conf)).toEqual({ maxRetries: 7, retryWaitMs: 10, service: true });
});

it('says what a file gives now, beside what its writer noted', async () => {
  await serve();
  const index = Buffer.alloc(12);
  index.writeUInt32LE(0x12345678, 8);
  writeFileSync(join(folder, 'f.index'), index);
  const found = await reader({}).diagnose(address, { file: join(folder, 'f'), offset: 0, lengthBytes: 5, checksumOffset: 8 });
  expect(found).toEqual({ written: 0x12345678, now: 0x3610a686 });
});
