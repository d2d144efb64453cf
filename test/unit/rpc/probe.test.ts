// At which step the way to an address ends, and what `emberloom doctor` says of it.
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Way } from '../../../src/cli/doctor.ts';
import { doctorReport, isSound } from '../../../src/cli/render/doctor-report.ts';
import { AppError } from '../../../src/common/errors.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { acceptChannel } from '../../../src/rpc/connect.ts';
import { listenFrom } from '../../../src/rpc/listen-from.ts';
import { probe } from '../../../src/rpc/probe.ts';
import type { Listener, Transport } from '../../../src/rpc/transport.ts';

const ME = { id: 'client:ann', secret: 'secret' };
const transport = new NetTransport();
const open: (Listener | Server)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function daemon(address = 'tls:127.0.0.1:0', portRetries = 0): Promise<Listener> {
  const accept = (stream: Parameters<Parameters<Transport['listen']>[1]>[0]) =>
    acceptChannel(
      stream,
      'it',
      () => 'secret',
      () => {},
    );
  const listener = await listenFrom(transport, address, accept, { portRetries });
  open.push(listener);
  return listener;
}
const failing = (detail: string): Transport => ({
  connect: (address) => Promise.reject(new AppError('CONNECT_FAILED', { peer: 'it', address, detail })),
  listen: () => Promise.reject(new Error('not here')),
});

describe('the way to an address', () => {
  it('is open, with a proof and without', async () => {
    const { address } = await daemon();
    expect(await probe(transport, address, ME)).toMatchObject({ address, reached: true, fault: '' });
    expect(await probe(transport, address, undefined)).toMatchObject({ reached: true });
    expect(await probe(new NetTransport({ host: 'h1' }), `either:h1|unix:/no/such.sock|${address}`, ME)).toMatchObject({ reached: true });
  });

  it('ends at the secret, at the port, at TLS', async () => {
    const { address } = await daemon();
    expect(await probe(transport, address, { ...ME, secret: 'another' })).toMatchObject({ reached: false, fault: 'secret' });
    await open.pop()!.close();
    expect(await probe(transport, address, ME)).toMatchObject({ fault: 'refused', detail: 'ECONNREFUSED' });
    const mail = createServer((socket) => socket.end('220 mail\r\n').on('error', () => {}));
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
    open.push(mail);
    const { port } = mail.address() as { port: number };
    expect(await probe(transport, `tls:127.0.0.1:${port}`, ME)).toMatchObject({ fault: 'tls' });
  });

  it.each([
    ['ENOTFOUND', 'name'],
    ['EAI_AGAIN', 'name'],
    ['EHOSTUNREACH', 'route'],
    ['ENETUNREACH', 'route'],
    ['no answer in 5000 ms', 'route'],
    ['it said nothing in 5000 ms', 'silent'],
    ['CERT_HAS_EXPIRED', 'tls'],
  ])('%s is a fault of the kind %s', async (detail, fault) => {
    expect(await probe(failing(detail), 'tls:h:1', ME)).toMatchObject({ reached: false, fault, detail });
  });

  it('is told in a sentence with what to do', () => {
    const way = (over: Partial<Way>): Way => ({
      from: 'h2:n2',
      to: 'the NodeManager h3:n3',
      address: 'either:h3|unix:/a|tls:h3:77',
      reached: false,
      fault: 'route',
      detail: 'EHOSTUNREACH',
      tookMs: 3,
      ...over,
    });
    const findings = { ways: [way({}), way({ reached: true })], clocks: [{ of: 'h3:n3', aheadMs: -61_000 }], nodes: [] };
    expect(doctorReport(findings).split('\n')).toEqual([
      "h2:n2 can't reach the NodeManager h3:n3 at tls:h3:77: no answer (EHOSTUNREACH). The host is off or cut off, or a firewall drops what comes: open the port.",
      "The clock of h3:n3 is 61.0 s behind this host's. Times in its logs and pages are off by it: let NTP keep it.",
      '1 of 2 ways are open; 0 of 0 nodes were asked.',
    ]);
    expect([isSound(findings), isSound({ ways: [way({ reached: true })], clocks: [{ of: 'x', aheadMs: 900 }], nodes: [] })]).toEqual([
      false,
      true,
    ]);
  });
});

describe('a port of the own choice', () => {
  it('that is taken is followed by the next, as far as the settings allow', async () => {
    const first = await daemon();
    const second = await daemon(first.address, 5);
    expect(Number(second.address.split(':').at(-1))).toBeGreaterThan(Number(first.address.split(':').at(-1)));
    await expect(daemon(first.address)).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
  });
});
