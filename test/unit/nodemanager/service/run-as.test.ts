// As whom a container runs: the rule about users, the script that starts it, and folders that only root can change until they are handed
// over. The last need root, which makes files of others; they are skipped otherwise.
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../../src/common/settings.ts';
import { launchScript } from '../../../../src/nodemanager/service/launch-command.ts';
import { RunAs } from '../../../../src/nodemanager/service/run-as.ts';
import { handOver, makeLogFiles, makeUserFolders, writeForUser } from '../../../../src/nodemanager/service/user-folders.ts';

const said: string[] = [];
const logger = { debug() {}, warn() {}, error() {}, info: (m: string) => void said.push(m), named: () => logger };
const ACCOUNTS: Record<string, number> = { ann: 1001, daemon: 1, toor: 0, bob: 1002, svc: 999 };

function runAs(own: { user: string; uid: number }, settings: Record<string, string> = {}) {
  const conf = new Settings(Object.entries(settings).map(([name, value]) => ({ name, value, where: 'test', line: 1 })));
  const findAccount = async (name: string) =>
    ACCOUNTS[name] === undefined ? undefined : { name, uid: ACCOUNTS[name], gid: ACCOUNTS[name], home: `/home/${name}` };
  return new RunAs({ own, settings: conf, findAccount, run: async () => {}, logger });
}
const ROOT = { user: 'root', uid: 0 };

describe('as whom a container runs', () => {
  it('as its user where root runs the node, and as root’s own when they are root’s', async () => {
    const as = runAs(ROOT);
    expect(await as.accountFor('ann')).toMatchObject({ uid: 1001 });
    expect(await as.accountFor('root')).toBeUndefined();
    expect(as.command({ name: 'ann', uid: 1001, gid: 1002, home: '/' }, ['x']).slice(1)).toEqual([
      '--reuid=1001',
      '--regid=1002',
      '--init-groups',
      '--',
      'x',
    ]);
  });

  it.each([
    ['nobodyhere', {}, 'there is no account nobodyhere'],
    ['daemon', {}, 'user id 1 is below min.user.id 1000'],
    ['toor', { 'min.user.id': '0' }, 'has the rights of root'],
    ['bob', { 'banned.users': 'bob' }, 'banned.users names bob'],
    ['root', { 'banned.users': 'root' }, 'banned.users names root'],
    ['svc', {}, 'allowed.system.users does not name it'],
  ])('never as %s with %j: %s', async (user, settings, reason) => {
    await expect(runAs(ROOT, settings).accountFor(user)).rejects.toThrow(reason);
  });

  it('as an account of the system that is allowed by name', async () => {
    expect(await runAs(ROOT, { 'allowed.system.users': 'svc' }).accountFor('svc')).toMatchObject({ uid: 999 });
  });

  it('as the node where it is not root, or is told so, and says it once for each user', async () => {
    said.length = 0;
    for (const as of [
      runAs({ user: 'el', uid: 500 }),
      runAs(ROOT, { 'yarn.nodemanager.container-executor.class': 'org.apache.hadoop.yarn.server.nodemanager.DefaultContainerExecutor' }),
    ]) {
      expect(await as.accountFor('nobodyhere')).toBeUndefined();
      expect(await as.accountFor('nobodyhere')).toBeUndefined();
    }
    expect(said).toHaveLength(2);
  });

  it('refuses to start where it is asked for and can’t be', () => {
    const asked = { 'yarn.nodemanager.container-executor.class': 'LinuxContainerExecutor' };
    expect(() => runAs({ user: 'el', uid: 500 }, asked)).toThrow('only root can start processes of other users');
    expect(() => runAs(ROOT, { 'yarn.nodemanager.container-executor.class': 'DockerContainerExecutor' })).toThrow(
      'expected LinuxContainerExecutor',
    );
  });
});

describe('the script that starts it', () => {
  it('quotes whatever a user may have put into names and values', () => {
    const script = launchScript({ A: 'it\'s $(id) `id` "x"\n', 'B;C': 'x', PATH: '/bin' }, ["a b'c", '$HOME']);
    expect(script).toBe("export A='it'\\''s $(id) `id` \"x\"\n'\nexport PATH='/bin'\nexec 'a b'\\''c' '$HOME'\n");
  });
});

describe.skipIf(process.getuid?.() !== 0)('folders of a user (as root)', () => {
  const account = { name: 'ann', uid: 12345, gid: 12346, home: '/' };
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'folders-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const places = () => ({
    applicationDirs: [join(dir, 'usercache/ann/appcache/app')],
    workDir: join(dir, 'usercache/ann/appcache/app/c1'),
    logDir: join(dir, 'logs/app/c1'),
    controlDir: join(dir, 'control/c1'),
    privateDir: join(dir, 'nmPrivate/c1'),
  });
  const owner = (path: string) => [lstatSync(path).uid, (lstatSync(path).mode & 0o7777).toString(8)];

  it('become the user’s when they are complete; files of the cache stay root’s and can’t be written', async () => {
    const at = places();
    const work = makeUserFolders(at, account);
    const cached = join(dir, 'cached');
    const closed = join(dir, 'closed');
    writeFileSync(cached, 'x', { mode: 0o555 });
    writeFileSync(closed, 'secret of the archive', { mode: 0o600 });
    mkdirSync(join(work, 'sub'));
    linkSync(cached, join(work, 'cached'));
    linkSync(closed, join(work, 'sub', 'closed'));
    writeFileSync(join(work, 'own'), '');
    symlinkSync(cached, join(work, 'link'));
    await handOver(at, account);
    expect(owner(at.workDir)).toEqual([12345, '700']);
    expect(owner(join(at.workDir, 'cached'))[0]).toBe(0);
    expect(owner(join(at.workDir, 'sub', 'closed'))).toEqual([12345, '600']);
    expect(owner(closed)[0]).toBe(0);
    expect(owner(join(at.workDir, 'own'))[0]).toBe(12345);
    expect(owner(cached)[0]).toBe(0);
    for (const [path, mode] of [
      ['usercache/ann', '711'],
      ['usercache/ann/appcache', '711'],
      ['nmPrivate/c1', '711'],
    ] as const)
      expect(owner(join(dir, path))).toEqual([0, mode]);
    expect(owner(at.applicationDirs[0]!)).toEqual([12345, '700']);
    expect(owner(at.logDir)).toEqual([0, '700']);
  });

  it('are not put where the user has put something', async () => {
    const at = places();
    makeUserFolders(at, account);
    mkdirSync(join(dir, 'elsewhere'));
    symlinkSync(join(dir, 'elsewhere'), at.workDir);
    await expect(handOver(at, account)).rejects.toThrow(/ENOTDIR|EEXIST|ENOTEMPTY/);
    expect(owner(join(dir, 'elsewhere'))[0]).toBe(0);
  });

  it('have tokens that only he can read, and logs that are no link', () => {
    const at = places();
    makeUserFolders(at, account);
    const tokens = writeForUser(at, 'tokens', '{}', account);
    expect(owner(tokens)).toEqual([12345, '400']);
    expect(readFileSync(tokens, 'utf8')).toBe('{}');
    makeLogFiles(at);
    expect(owner(join(at.logDir, 'stdout'))).toEqual([0, '600']);
    rmSync(join(at.logDir, 'stderr'));
    writeFileSync(join(dir, 'precious'), 'x');
    symlinkSync(join(dir, 'precious'), join(at.logDir, 'stderr'));
    expect(() => makeLogFiles(at)).toThrow(/ELOOP/);
  });

  it('opens what users must get through, and closes the cache', () => {
    const as = runAs(ROOT);
    const local = join(dir, 'local', 'n1');
    const logs = join(dir, 'userlogs', 'n1');
    mkdirSync(logs, { recursive: true });
    chmodSync(dir, 0o700);
    as.openFolders({ dataDir: dir, localDirs: [local], logDirs: [logs] });
    for (const path of [dir, local, join(dir, 'local'), join(local, 'usercache')])
      expect((statSync(path).mode & 0o777).toString(8)).toBe('711');
    expect((statSync(join(local, 'filecache')).mode & 0o777).toString(8)).toBe('700');
  });
});
