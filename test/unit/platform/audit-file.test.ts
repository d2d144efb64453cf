// The audit log: lines that can't be forged, files that rotate, a list of users that counts at once, groups that are asked for once.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLine } from '../../../src/common/audit-line.ts';
import { AuditFile } from '../../../src/platform/audit-file.ts';
import { clientIdentity } from '../../../src/platform/client-identity.ts';
import { cachedGroups, staticGroups } from '../../../src/platform/system-groups.ts';
import { noteUser, watchedUsers } from '../../../src/platform/user-registry.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('an audit line', () => {
  it('has YARN’s names in YARN’s order, tabs between', () => {
    const about = {
      user: 'ann',
      ip: '10.0.0.1',
      operation: 'Kill Application Request',
      target: 'ClientRMService',
      applicationId: 'application_1_0001',
    };
    expect(auditLine(about)).toBe(
      'USER=ann\tIP=10.0.0.1\tOPERATION=Kill Application Request\tTARGET=ClientRMService\tRESULT=SUCCESS\tAPPID=application_1_0001',
    );
    expect(auditLine({ ...about, realUser: 'livy', description: 'no', permissions: 'x' })).toBe(
      'USER=ann\tREALUSER=livy\tIP=10.0.0.1\tOPERATION=Kill Application Request\tTARGET=ClientRMService\tRESULT=FAILURE\tDESCRIPTION=no\tPERMISSIONS=x\tAPPID=application_1_0001',
    );
  });

  it('can’t be made two, or get pairs that are not ours, by what a user chose', () => {
    const line = auditLine({ user: 'a\nUSER=root\tRESULT=SUCCESS', operation: 'x', target: 'y', description: 'back\\slash\u2028\u0000' });
    expect(line.split('\n')).toHaveLength(1);
    expect(line.split('\t').map((pair) => pair.split('=')[0])).toEqual([
      'USER',
      'OPERATION',
      'TARGET',
      'RESULT',
      'DESCRIPTION',
      'PERMISSIONS',
    ]);
    expect(line).toContain('DESCRIPTION=back\\\\slash\\u2028\\u0000');
  });
});

describe('the audit file', () => {
  it('is 0600, goes on where it ended, and is set aside when it has grown', () => {
    const path = join(dir, 'audit.log');
    const write = (text: string) => {
      const file = new AuditFile({ path, name: 'RMAuditLogger', maxBytes: 200, maxFiles: 2 }, quiet);
      file.write(text);
      file.close();
    };
    for (let n = 1; n <= 9; n++) write(`${n}`.repeat(60));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const digits = (file: string) =>
      readFileSync(file, 'utf8')
        .match(/(\d)(?=\n)/g)
        ?.join('');
    expect([digits(`${path}.2`), digits(`${path}.1`), digits(path)].join('')).toMatch(/^\d+9$/);
    expect(() => statSync(`${path}.3`)).toThrow();
    expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO RMAuditLogger: /);
  });

  it('that can’t be written is said once, and the daemon lives', () => {
    const said: string[] = [];
    const logger = { ...quiet, error: (m: string) => void said.push(m), warn: (m: string) => void said.push(m) };
    const file = new AuditFile({ path: join(dir, 'no', 'such', 'x.log'), name: 'A', maxBytes: 100, maxFiles: 1 }, logger);
    for (let n = 0; n < 3; n++) {
      file.write('x');
      file.flush();
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("can't be written");
  });
});

describe('users with a secret of their own', () => {
  it('count and stop to count at the next question, and a broken list lets nobody in', () => {
    const faults: string[] = [];
    const generationOf = watchedUsers(dir, (fault) => faults.push(fault));
    expect(generationOf('ann')).toBeUndefined();
    noteUser(dir, { name: 'ann', generation: 3, revoked: false });
    expect(generationOf('ann')).toBe(3);
    noteUser(dir, { name: 'ann', generation: 3, revoked: true });
    expect(generationOf('ann')).toBeUndefined();
    writeFileSync(join(dir, 'users'), 'ann 3\nwhat is this\n');
    expect(generationOf('ann')).toBeUndefined();
    expect(faults).toEqual([expect.stringContaining('users:2')]);
  });

  it('are who their file says; the cluster’s secret comes first, and a file that others may read counts for nothing', () => {
    const secret = join(dir, 'secret');
    const own = join(dir, 'own');
    const env = { EMBERLOOM_USER_SECRET: own };
    expect(() => clientIdentity(secret, 'unix:/x', 'bob', env)).toThrow('there is no cluster secret');
    writeFileSync(own, `ann 1 ${'a'.repeat(64)}\n`, { mode: 0o644 });
    expect(() => clientIdentity(secret, 'unix:/x', 'bob', env)).toThrow('chmod 600');
    rmSync(own);
    writeFileSync(own, `ann 1 ${'a'.repeat(64)}\n`, { mode: 0o600 });
    expect(clientIdentity(secret, 'unix:/x', 'bob', env)).toEqual({ id: 'user:ann', secret: 'a'.repeat(64) });
    writeFileSync(secret, `${'c'.repeat(64)}\n`);
    expect(clientIdentity(secret, 'unix:/x', 'bob', env)).toEqual({ id: 'client:bob', secret: 'c'.repeat(64) });
  });
});

describe('groups', () => {
  it('are asked for once, kept for a while, and the setting’s word comes first', async () => {
    let [asked, nowMs] = [0, 0];
    const ask = async (user: string) => [`group ${++asked} of ${user}`];
    const groups = cachedGroups(staticGroups('ann=etl,ops;zed='), 1000, ask, () => nowMs);
    expect(await groups('ann')).toEqual(['etl', 'ops']);
    expect(await groups('zed')).toEqual([]);
    const [one, two] = await Promise.all([groups('bob'), groups('bob')]);
    expect([one, two]).toEqual([['group 1 of bob'], ['group 1 of bob']]);
    nowMs = 999;
    expect(await groups('bob')).toEqual(['group 1 of bob']);
    nowMs = 1001;
    expect(await groups('bob')).toEqual(['group 2 of bob']);
    groups.forget();
    expect(await groups('bob')).toEqual(['group 3 of bob']);
  });

  it('are those of the machine, and none of whom it does not know', async () => {
    const groups = cachedGroups(new Map(), 1000);
    expect(await groups('root')).toContain('root');
    for (const nobody of ['no-such-user-here', '-x', 'a b', '']) expect(await groups(nobody)).toEqual([]);
  });

  it('refuse a setting that says nothing clear', () => {
    expect(() => staticGroups('ann')).toThrow('user1=group1,group2');
    expect(() => staticGroups('ann=a;ann=b')).toThrow('each user once');
  });
});
