// The cluster's secret while it is replaced: what is taken and what is offered at each step, broken off and done again; and connections that stand.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeSecretStep } from '../../../src/cli/secret-steps.ts';
import { clusterSecret, clusterSecrets } from '../../../src/platform/cluster-secret.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { acceptChannel, connectPeer } from '../../../src/rpc/connect.ts';
import { ProvenChannels } from '../../../src/rpc/proven-channels.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secret-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const textOf = (name: string) => readFileSync(join(dir, name), 'utf8').trim();

describe('the secret of a cluster', () => {
  it('is taken both ways from staging to the end, and each step may be done again', () => {
    const old = clusterSecret(dir);
    const faults: string[] = [];
    const secrets = clusterSecrets(dir, (fault) => faults.push(fault));
    expect([secrets.current(), secrets.accepted()]).toEqual([old, [old]]);
    expect(takeSecretStep(dir, 'stage').done).toBe(true);
    const next = textOf('secret.next');
    expect([next === old, statSync(join(dir, 'secret.next')).mode & 0o777]).toEqual([false, 0o600]);
    expect(takeSecretStep(dir, 'stage').done).toBe(false);
    expect([textOf('secret.next'), secrets.current(), secrets.accepted()]).toEqual([next, old, [old, next]]);
    expect(() => takeSecretStep(dir, 'finish')).toThrow(/secret.next is still there/);
    expect(takeSecretStep(dir, 'switch').done).toBe(true);
    expect(takeSecretStep(dir, 'switch').done).toBe(false);
    expect([secrets.current(), secrets.accepted()]).toEqual([next, [next, old]]);
    expect(takeSecretStep(dir, 'finish').done).toBe(true);
    expect(takeSecretStep(dir, 'finish').done).toBe(false);
    expect([secrets.accepted(), faults]).toEqual([[next], []]);
  });

  it('comes from the first host to the others; one that has it already stays as it is; what is no secret is refused', () => {
    const old = clusterSecret(dir);
    expect(() => takeSecretStep(dir, 'stage', 'ssh: motd')).toThrow(/no secret/);
    expect(takeSecretStep(dir, 'stage', 'ab'.repeat(32)).done).toBe(true);
    expect(textOf('secret.next')).toBe('ab'.repeat(32));
    takeSecretStep(dir, 'switch');
    expect(takeSecretStep(dir, 'stage', 'ab'.repeat(32)).done).toBe(false);
    expect(textOf('secret.previous')).toBe(old);
    expect(() => takeSecretStep(mkdtempSync(join(dir, 'x')), 'stage')).toThrow(/no part in a cluster/);
    takeSecretStep(dir, 'finish');
    expect(() => takeSecretStep(dir, 'switch')).toThrow(/staging comes first/);
  });

  it('that can not be read leaves the one before, and says so once', () => {
    const old = clusterSecret(dir);
    const faults: string[] = [];
    const secrets = clusterSecrets(dir, (fault) => faults.push(fault));
    secrets.accepted();
    writeFileSync(join(dir, 'secret'), 'not a secret');
    expect([secrets.current(), secrets.accepted(), faults.length]).toEqual([old, [old], 1]);
  });

  it('that is taken away ends the connections that were made with it, and no others', async () => {
    const proven = new ProvenChannels();
    let accepted = ['old', 'new'];
    const listener = await new NetTransport().listen('tcp:127.0.0.1:0', (stream) =>
      acceptChannel(
        stream,
        'the server',
        () => accepted,
        (channel, id) => proven.add(channel, id),
      ),
    );
    const open = (secret: string) => connectPeer(new NetTransport(), listener.address, 'the server', { id: `client:${secret}`, secret });
    const [stolen, renewed] = [await open('old'), await open('new')];
    proven.look(() => accepted);
    const closed = new Promise<string>((resolve) => {
      stolen.onClose = resolve;
    });
    accepted = ['new'];
    proven.look(() => accepted);
    await closed;
    await expect(open('old')).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect(renewed.closed).toBe(false);
    renewed.close();
    await listener.close();
  });
});
