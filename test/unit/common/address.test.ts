import { describe, expect, it } from 'vitest';
import {
  eitherAddress,
  farPartOf,
  hostAndPort,
  netAddress,
  parseAddress,
  portOf,
  socketPathOf,
  tlsAddress,
} from '../../../src/common/address.ts';
import { asAddress, checkListenAddress, nmAddressOf, rmAddressOf } from '../../../src/common/cluster-addresses.ts';
import { Settings } from '../../../src/common/settings.ts';

const settings = (values: Record<string, string>) =>
  new Settings(Object.entries(values).map(([name, value]) => ({ name, value, where: 'test', line: 1 })));

describe('addresses', () => {
  it.each([
    ['/run/a.sock', { kind: 'unix', path: '/run/a.sock' }],
    ['unix:/run/a:b.sock', { kind: 'unix', path: '/run/a:b.sock' }],
    ['tcp:127.0.0.1:80', { kind: 'tcp', host: '127.0.0.1', port: 80 }],
    ['tls:h.example:8032', { kind: 'tls', host: 'h.example', port: 8032 }],
    ['tls:[::1]:8032', { kind: 'tls', host: '::1', port: 8032 }],
  ])('%s', (address, place) => expect(parseAddress(address)).toEqual(place));

  it('name a socket for one host and TLS for the others', () => {
    const address = eitherAddress('h1', '/run/a.sock', tlsAddress('fe80::1', 7));
    expect(address).toBe('either:h1|unix:/run/a.sock|tls:[fe80::1]:7');
    const far = { kind: 'tls', host: 'fe80::1', port: 7 };
    expect(parseAddress(address)).toEqual({ kind: 'either', host: 'h1', near: { kind: 'unix', path: '/run/a.sock' }, far });
    expect([socketPathOf(address), portOf(address), netAddress(farPartOf(address)!)]).toEqual(['/run/a.sock', 7, 'tls:[fe80::1]:7']);
    expect([socketPathOf('tls:h:1'), portOf('unix:/a'), portOf('')]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    'h:1',
    'tls:h',
    'tls:h:x',
    'tls:h:70000',
    'tls::80',
    'either:h|unix:/a',
    'either:|unix:/a|tls:h:1',
    'either:h|tls:h:1|unix:/a',
    '',
  ])('%j is none', (address) => expect(() => parseAddress(address)).toThrow(expect.objectContaining({ code: 'CONNECT_FAILED' })));

  it('are read in the forms of YARN, too', () => {
    expect([asAddress('rm:8032'), asAddress('[::1]:8032'), asAddress('unix:/a'), asAddress('tcp:localhost:1')]).toEqual([
      'tls:rm:8032',
      'tls:[::1]:8032',
      'unix:/a',
      'tcp:localhost:1',
    ]);
    expect(rmAddressOf(settings({}))).toBeUndefined();
    expect(rmAddressOf(settings({ 'yarn.resourcemanager.hostname': 'rm1' }))).toBe('tls:rm1:8032');
    expect(rmAddressOf(settings({ 'yarn.resourcemanager.hostname': 'rm1', 'yarn.resourcemanager.address': 'rm2:1' }))).toBe('tls:rm2:1');
    expect(nmAddressOf(settings({ 'yarn.nodemanager.address': '0.0.0.0:0' }))).toBe('tls:0.0.0.0:0');
    expect(hostAndPort('a:b:1')).toBeUndefined();
  });

  it('without TLS are refused beyond loopback', () => {
    for (const address of ['tls:h:1', 'unix:/a', '/a', 'tcp:127.0.0.1:1', 'tcp:localhost:0', 'tcp:[::1]:1'])
      expect(() => checkListenAddress(address, 'k')).not.toThrow();
    for (const address of ['tcp:10.0.0.1:1', 'tcp:0.0.0.0:1', 'tcp:127.evil.example:1', 'tls:h', 'h', 'http://h:1'])
      expect(() => checkListenAddress(address, 'k')).toThrow(expect.objectContaining({ code: 'CONFIG_BAD_VALUE' }));
  });
});
