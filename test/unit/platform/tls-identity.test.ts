import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../src/common/settings.ts';
import { ownAddressToward } from '../../../src/platform/own-address.ts';
import { makeSelfSigned } from '../../../src/platform/self-signed.ts';
import { tlsEnvironment, tlsFromEnvironment, tlsOf } from '../../../src/platform/tls-identity.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ident-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function settings(texts: Partial<Record<'cert' | 'key' | 'ca', string>>): Settings {
  return new Settings(
    Object.entries(texts).map(([name, text]) => {
      writeFileSync(join(dir, name), text);
      return { name: `emberloom.tls.${name}`, value: join(dir, name), where: 'test', line: 1 };
    }),
  );
}

describe("the operator's certificates", () => {
  const { cert, key } = makeSelfSigned();

  it('are read from the settings, and by containers from their environment', () => {
    expect(tlsOf(settings({}))).toBeUndefined();
    expect(tlsEnvironment(settings({}))).toEqual({});
    const all = settings({ cert, key, ca: cert });
    expect(tlsOf(all)).toEqual({ cert, key, ca: cert });
    expect(tlsFromEnvironment(tlsEnvironment(all))).toEqual({ cert, key, ca: cert });
    expect(tlsFromEnvironment({})).toBeUndefined();
  });

  it('are refused when one is missing, unreadable, or of another key', () => {
    const said = (texts: Parameters<typeof settings>[0]) => {
      try {
        return tlsOf(settings(texts));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(said({ cert, key })).toBe(
      "The certificates of the settings can't be used: emberloom.tls.cert is set and emberloom.tls.ca is not.",
    );
    expect(said({ cert: 'no certificate', key, ca: cert })).toMatch(/^The certificates of the settings can't be used: .*cert, .*PEM/);
    expect(said({ cert, key: makeSelfSigned().key, ca: cert })).toMatch(/key values mismatch/);
    const there = settings({ cert, key, ca: cert });
    rmSync(join(dir, 'key'));
    expect(() => tlsOf(there)).toThrow(/emberloom\.tls\.key: ENOENT/);
  });
});

describe('the address by which this host is reached', () => {
  it('is that of the route to the other one; a name that is not known is said', async () => {
    expect(await ownAddressToward('127.0.0.1')).toBe('127.0.0.1');
    await expect(ownAddressToward('no such host')).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });
});
