// The certificate of pages and REST: made once, kept, shown by a real server whose fingerprint is the one that was told; or the operator's.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../src/common/settings.ts';
import { makeSelfSigned } from '../../../src/platform/self-signed.ts';
import { webPlace } from '../../../src/platform/web-identity.ts';
import { WebServer } from '../../../src/web/web-server.ts';

let dir: string;
let told: string[];
const logger = { debug() {}, info: (text: string) => told.push(text), warn() {}, error() {}, named: () => logger };
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'https-'));
  told = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const addresses = { http: '127.0.0.1:0', https: 'localhost:0' };
const place = (more: Record<string, string> = {}) =>
  webPlace(
    new Settings(
      Object.entries({ 'yarn.http.policy': 'HTTPS_ONLY', ...more }).map(([name, value]) => ({ name, value, where: 'test', line: 1 })),
    ),
    dir,
    addresses,
    logger,
  );
const fingerprint = () => /fingerprint is ([0-9A-F:]{95})$/.exec(told.at(-1)!)?.[1];

describe('the certificate of the pages', () => {
  it('is none without HTTPS_ONLY', () => {
    expect(place({ 'yarn.http.policy': 'HTTP_ONLY' })).toEqual({ address: '127.0.0.1:0', tls: undefined });
  });

  it('is made once, 0600, has the host’s names, and is what a client sees; nothing is said without TLS', async () => {
    const { address, tls } = place();
    expect(place().tls).toEqual(tls);
    expect(statSync(join(dir, 'https.pem')).mode & 0o777).toBe(0o600);
    const server = new WebServer({ what: 'Test', address, tls, maxRetries: 0, logger, addressFile: join(dir, 'http') });
    await server.open();
    server.serve(async () => (_, response) => void response.end('hello'));
    try {
      expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(`https://${server.hostPort}`).toBe(server.url);
      const [text, shown] = await new Promise<[string, PeerCertificate]>((resolve, reject) => {
        // Its names and its own signature hold: with it as authority nothing is left to object to.
        const sent = request(server.url.replace('127.0.0.1', 'localhost'), { ca: tls!.cert, agent: false }, (answer) => {
          const certificate = (answer.socket as TLSSocket).getPeerCertificate();
          answer.setEncoding('utf8').on('data', (data: string) => resolve([data, certificate]));
        });
        sent.on('error', reject).end();
      });
      expect([text, shown.fingerprint256]).toEqual(['hello', fingerprint()]);
      expect(shown.subjectaltname).toContain('DNS:localhost');
      await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow();
    } finally {
      await server.close();
    }
  });

  it('is the operator’s where it is named, and a mistake says what is wrong', () => {
    const [own, other] = [makeSelfSigned(['rm.example']), makeSelfSigned()];
    writeFileSync(join(dir, 'cert'), own.cert);
    writeFileSync(join(dir, 'key'), own.key);
    writeFileSync(join(dir, 'other'), other.key);
    const [cert, key] = [join(dir, 'cert'), join(dir, 'key')];
    expect(place({ 'emberloom.https.cert': cert, 'emberloom.https.key': key }).tls).toEqual(own);
    const bad = (settings: Record<string, string>) => {
      try {
        place(settings);
      } catch (error) {
        return error as { code: string; message: string };
      }
      throw new Error('it was taken');
    };
    for (const [settings, says] of [
      [{ 'emberloom.https.cert': cert }, 'emberloom.https.key is not set'],
      [{ 'emberloom.https.cert': cert, 'emberloom.https.key': join(dir, 'none') }, 'emberloom.https.key: ENOENT'],
      [{ 'emberloom.https.cert': cert, 'emberloom.https.key': join(dir, 'other') }, 'the key is not that of the certificate'],
      [{ 'emberloom.https.cert': key, 'emberloom.https.key': key }, cert.replace(/cert$/, 'key')],
    ] as const) {
      const { code, message } = bad(settings);
      expect([code, message]).toEqual(['TLS_UNUSABLE', expect.stringContaining(says)]);
    }
    writeFileSync(join(dir, 'https.pem'), readFileSync(key));
    expect(bad({}).message).toContain('it holds no key and certificate');
  });
});
