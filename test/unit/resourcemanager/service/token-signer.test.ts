import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tokenText } from '../../../../src/common/token-text.ts';
import type { Container } from '../../../../src/resourcemanager/core/entities.ts';
import { TokenSigner } from '../../../../src/resourcemanager/service/token-signer.ts';

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

describe('TokenSigner', () => {
  it.each([
    ['a hex key of 32 bytes', 64],
    ['a short key', 10],
    ['a key longer than a block', 100],
  ])('makes the same mac as createHmac with %s', (_, length) => {
    const key = randomBytes(64).toString('hex').slice(0, length);
    const signer = new TokenSigner({ keyId: 1, key });
    for (const text of ['', 'x', 'grüße', 'a'.repeat(55), 'b'.repeat(64), 'c'.repeat(2000), 'short again'])
      expect(signer.mac(text)).toBe(hmac(key, text));
  });

  it('signs the text that NodeManagers check', () => {
    const container = {
      id: 'container_1_0001_01_000001',
      node: { id: 'h:n1' },
      attempt: { application: { id: 'application_1_0001', submission: { user: 'ada' } } },
      resource: { memoryMb: 1024, vcores: 2 },
      expiresAtMs: 99,
    } as unknown as Container;
    const token = new TokenSigner({ keyId: 7, key: 'k' }).token(container);
    expect(tokenText(token)).toBe('container_1_0001_01_000001|h:n1|application_1_0001|ada|1024|2|99|7');
    expect(token.mac).toBe(hmac('k', tokenText(token)));
  });
});
