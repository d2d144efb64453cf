// Who has a secret of his own, when several add users at once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addUser, listUsers, revokeUser } from '../../../src/cli/user-secrets.ts';
import { watchedUsers } from '../../../src/platform/user-registry.ts';

let dir: string;
const env = () => ({ EMBERLOOM_DATA: dir });
const add = (name: string, renew = false) => addUser(env(), name, { renew, to: join(dir, `${name}.secret`) });
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'el-users-'));
  writeFileSync(join(dir, 'secret'), 'a'.repeat(64));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('users with secrets of their own', () => {
  it('two who are added at once both have one: nobody writes what he read before', async () => {
    // Where root does it, each waits for the system's accounts between his look at the list and his line.
    await Promise.all(['el-ann', 'el-bob'].map((name) => addUser(env(), name, { renew: false })));
    expect(listUsers(env()).map((u) => u.name)).toEqual(['el-ann', 'el-bob']);
  });

  it('the last line of a user counts; the same again writes nothing', async () => {
    await add('ann');
    await add('ann');
    expect(readFileSync(join(dir, 'users'), 'utf8')).toBe('ann 1\n');
    const generationOf = watchedUsers(dir, () => {});
    expect(generationOf('ann')).toBe(1);
    revokeUser(env(), 'ann');
    expect(generationOf('ann')).toBeUndefined();
    await add('ann');
    await add('ann', true);
    expect(generationOf('ann')).toBe(3);
    expect(listUsers(env())).toEqual([{ name: 'ann', generation: 3, revoked: false }]);
  });
});
