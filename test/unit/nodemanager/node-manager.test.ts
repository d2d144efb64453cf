import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../src/common/settings.ts';
import { withEnvironment } from '../../../src/nodemanager/service/process-table.ts';
import { startNodeManager, type StartedNodeManager } from '../../../src/nodemanager/main.ts';
import { Log4jLogger } from '../../../src/platform/log4j-logger.ts';
import { containerLaunch, containerStop, logsList, logsRead } from '../../../src/rpc/messages/driver.ts';
import { eventually } from '../../helpers/eventually.ts';
import { APP, command, containerOf, FakeResourceManager } from '../../helpers/fake-resource-manager.ts';

let dataDir: string;
let rm: FakeResourceManager;
let nm: StartedNodeManager;
let log = '';

const settings = (values: Record<string, string> = {}) =>
  new Settings(
    Object.entries({ 'emberloom.executor.prestart': '0', 'yarn.nodemanager.container-monitor.interval-ms': '50', ...values }).map(
      ([name, value]) => ({ name, value, where: 'test', line: 1 }),
    ),
  );

async function begin(values: Record<string, string> = {}): Promise<void> {
  const logger = new Log4jLogger({ write: (text: string) => (log += text) }, 'NodeManager');
  const onShutdown = () => void nm.stop();
  nm = await startNodeManager({ dataDir, name: 'n1', settings: settings(values), logger, distDir: join(dataDir, 'dist'), onShutdown });
}
async function start(values: Record<string, string> = {}): Promise<void> {
  await begin(values);
  await nm.registered;
}

beforeEach(async () => {
  log = '';
  dataDir = mkdtempSync(join(tmpdir(), 'nm-'));
  rm = await new FakeResourceManager(dataDir).start();
});
afterEach(async () => {
  await nm.stop();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a NodeManager on real sockets and processes', () => {
  it('runs a command for a driver, reports its start and end, and serves its logs', async () => {
    await start();
    const id = containerOf(1);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, {
      token: rm.token(id, nm.nodeId),
      launch: command('/bin/sh', '-c', 'echo out; echo $CONTAINER_ID >&2; pwd; cat "$EMBERLOOM_CONTAINER_TOKENS"; exit 3'),
    });
    const report = await rm.reported(id, 'COMPLETED');
    expect(report.exitStatus).toBe(3);
    expect(report.diagnostics).toContain('Container exited with a non-zero exit code 3');
    expect(report.diagnostics).toContain(`Last 4096 bytes of stderr :\n${id}`);
    const logs = join(dataDir, 'userlogs', 'n1', APP, id);
    expect(readFileSync(join(logs, 'stdout'), 'utf8')).toBe(`out\n${join(dataDir, 'local/n1/usercache/ann/appcache', APP, id)}\n{}\n`);
    const client = await rm.client(nm.address);
    const { files } = await client.call(logsList, { applicationId: APP });
    expect(files.map((f) => f.name).sort()).toEqual(['stderr', 'stdout']);
    const tail = await client.call(logsRead, { containerId: id, name: 'stdout', offset: -3, lengthBytes: 100 });
    expect(Buffer.from(tail.base64, 'base64').toString()).toBe('{}\n');
    await expect(client.call(logsRead, { containerId: id, name: '../../x', offset: 0, lengthBytes: 1 })).rejects.toMatchObject({
      code: 'LOG_NOT_FOUND',
    });
  });

  it('lets who comes with a grant before the answer to its registration wait for the keys: he is not refused', async () => {
    let answer = (): void => {};
    rm.answersAfter = new Promise((resolve) => (answer = resolve));
    await begin();
    await eventually(() => rm.registrations.length).toBe(1);
    const id = containerOf(11);
    const coming = rm.driver(nm.address);
    // He is at the door: what he was told before the keys came would be a refusal.
    await Promise.race([coming.then(() => {}), new Promise((done) => setTimeout(done, 100))]);
    answer();
    await (await coming).call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/true') });
    expect((await rm.reported(id, 'COMPLETED')).exitStatus).toBe(0);
  });

  it('kills a whole tree that ignores SIGTERM, and leaves nobody', async () => {
    await start({ 'yarn.nodemanager.sleep-delay-before-sigkill.ms': '100' });
    const id = containerOf(2);
    const driver = await rm.driver(nm.address);
    const script =
      'trap "" TERM; setsid sh -c \'trap "" TERM; echo $$ >b; while :; do sleep 1; done\' & echo $$ >a; while :; do sleep 1; done';
    await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/sh', '-c', script) });
    await rm.reported(id, 'RUNNING');
    const work = join(dataDir, 'local/n1/usercache/ann/appcache', APP, id);
    await eventually(() => existsSync(join(work, 'b')) && readFileSync(join(work, 'b'), 'utf8')).toMatch(/\d/);
    const pids = ['a', 'b'].map((f) => Number(readFileSync(join(work, f), 'utf8')));
    await driver.call(containerStop, { containerId: id, reason: 'idle' });
    const report = await rm.reported(id, 'COMPLETED');
    expect(report.exitStatus).toBe(-105);
    expect(report.diagnostics).toContain('Container killed on request. Exit code is 137');
    const alive = (pid: number) =>
      /^\d+ \(.*\) [^ZX]/.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : '');
    await eventually(() => pids.filter(alive)).toEqual([]);
    await eventually(() => existsSync(work)).toBe(false);
  });

  it('launches what the RM orders, once, however often it is ordered', async () => {
    await start();
    const id = containerOf(3);
    const order = {
      order: 'launch' as const,
      token: rm.token(id, nm.nodeId),
      launch: command('/bin/sh', '-c', 'echo x >>"$LOCAL_DIRS/starts"'),
    };
    rm.order(order);
    rm.order(order);
    await rm.reported(id, 'COMPLETED');
    rm.order(order);
    rm.order({ order: 'kill', containerId: id });
    expect(readFileSync(join(dataDir, 'local/n1/usercache/ann/appcache', APP, 'starts'), 'utf8')).toBe('x\n');
    rm.order({ order: 'cleanupApplication', applicationId: APP });
    await eventually(() => existsSync(join(dataDir, 'local/n1/usercache/ann/appcache', APP))).toBe(false);
  });

  it('refuses tokens that are forged, expired, of another node or of another application', async () => {
    await start();
    const id = containerOf(4);
    const driver = await rm.driver(nm.address);
    const launch = command('/bin/true');
    const refused = (token: Parameters<typeof rm.token>[2], reason: RegExp) =>
      expect(driver.call(containerLaunch, { token: rm.token(id, nm.nodeId, token), launch })).rejects.toMatchObject({
        code: 'TOKEN_REFUSED',
        message: expect.stringMatching(reason),
      });
    await refused({ mac: 'ab'.repeat(32) }, /did not sign/);
    await refused({ expiresAtMs: 5 }, /expired/);
    await refused({ nodeId: 'other:n1' as never }, /for the node other/);
    await refused({ keyId: 99 }, /key 99/);
    await refused({ applicationId: 'application_1_0009' as never }, /belongs to/);
    expect(rm.reports).toEqual([]);
  });

  it('counts the memory of a process that made itself a daemon, with its own session and no parent', async () => {
    const eater =
      "globalThis.all = Buffer.alloc(300e6, 1); require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1e6)";
    await start();
    const id = containerOf(1);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, {
      token: rm.token(id, nm.nodeId, { resource: { memoryMb: 128, vcores: 1 } }),
      launch: command('/bin/sh', '-c', '(setsid "$0" -e "$1" </dev/null >/dev/null 2>&1 &); sleep 600', process.execPath, eater),
    });
    expect(await rm.reported(id, 'COMPLETED')).toMatchObject({ exitStatus: -104 });
    // It was told to die; to give 300 MB back takes the system a moment.
    await expect.poll(() => withEnvironment(`CONTAINER_ID=${id}`)).toEqual([]);
  });

  it("kills a container above its memory with YARN's sentence", async () => {
    await start();
    const id = containerOf(5);
    const driver = await rm.driver(nm.address);
    const hog = 'const a=[];for(let i=0;i<30;i++)a.push(Buffer.alloc(8e6,1));setInterval(()=>{},1e3)';
    await driver.call(containerLaunch, {
      token: rm.token(id, nm.nodeId, { resource: { memoryMb: 128, vcores: 1 } }),
      launch: command(process.execPath, '-e', hog),
    });
    const report = await rm.reported(id, 'COMPLETED');
    expect(report.exitStatus).toBe(-104);
    expect(report.diagnostics).toMatch(
      /^\[.*\]Container \[pid=\d+,containerID=container_\S+\] is running \d+B beyond the 'PHYSICAL' memory limit\. /,
    );
    expect(report.diagnostics).toMatch(/Current usage: \d+(\.\d)? MB of 128 MB physical memory used; .* Killing container\.\n/);
    expect(report.diagnostics).toContain('|- PID PPID PGRPID SESSID CMD_NAME');
  });

  it('reads no pipe and follows no link that a container leaves among its logs', async () => {
    await start();
    const id = containerOf(1);
    const driver = await rm.driver(nm.address);
    const leave = 'mkfifo "$LOG_DIRS/pipe"; ln -s /etc/hostname "$LOG_DIRS/link"; echo out';
    await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/sh', '-c', leave) });
    await rm.reported(id, 'COMPLETED');
    const client = await rm.client(nm.address);
    const read = (name: string) => client.call(logsRead, { containerId: id, name, offset: 0, lengthBytes: 100 });
    for (const name of ['pipe', 'link']) await expect(read(name)).rejects.toMatchObject({ code: 'LOG_NOT_FOUND' });
    expect(Buffer.from((await read('stdout')).base64, 'base64').toString()).toBe('out\n');
  });

  it('says why a container could not begin', async () => {
    await start();
    const driver = await rm.driver(nm.address);
    const [missing, noCommand] = [containerOf(6), containerOf(7)];
    const launch = { ...command('/bin/true'), resources: [{ name: 'x', kind: 'file' as const, path: '/no/such', sizeBytes: 1 }] };
    await driver.call(containerLaunch, { token: rm.token(missing, nm.nodeId), launch });
    expect((await rm.reported(missing, 'COMPLETED')).diagnostics).toContain('/no/such could not be localised: it does not exist');
    await driver.call(containerLaunch, { token: rm.token(noCommand, nm.nodeId), launch: command('/no/such/program') });
    expect(await rm.reported(noCommand, 'COMPLETED')).toMatchObject({ exitStatus: 127 });
  });

  it('outlives its RM: what ended meanwhile is reported to the next one', async () => {
    await start();
    const id = containerOf(8);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, {
      token: rm.token(id, nm.nodeId),
      launch: command('/bin/sh', '-c', 'while [ ! -e go ]; do sleep 0.02; done; exit 4'),
    });
    await rm.reported(id, 'RUNNING');
    await rm.stop();
    writeFileSync(join(dataDir, 'local/n1/usercache/ann/appcache', APP, id, 'go'), '');
    rm = await new FakeResourceManager(dataDir).start();
    expect(await rm.reported(id, 'COMPLETED')).toMatchObject({ exitStatus: 4 });
  });

  it('ends its containers when it is stopped', async () => {
    await start();
    const id = containerOf(9);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/sleep', '600') });
    await rm.reported(id, 'RUNNING');
    await nm.stop();
    expect(await rm.reported(id, 'COMPLETED')).toMatchObject({ exitStatus: -100 });
  });

  it('keeps secrets in a file of its owner only', async () => {
    await start();
    const id = containerOf(10);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, {
      token: rm.token(id, nm.nodeId),
      launch: { ...command('/bin/sh', '-c', 'env; sleep 600'), secretEnv: { EMBERLOOM_APP_SECRET: 's3cret' } },
    });
    await rm.reported(id, 'RUNNING');
    const file = join(dataDir, 'state/nm-n1/containers', id, 'tokens');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ EMBERLOOM_APP_SECRET: 's3cret' });
    await expect
      .poll(() => readFileSync(join(dataDir, 'userlogs/n1', APP, id, 'stdout'), 'utf8'))
      .toContain(`EMBERLOOM_CONTAINER_TOKENS=${file}`);
    expect(readFileSync(join(dataDir, 'userlogs/n1', APP, id, 'stdout'), 'utf8')).not.toContain('s3cret');
  });

  it('spreads work over several local dirs, gives executors all of them, and keeps folders for a look when told to', async () => {
    const dirs = ['disk1', 'disk2', 'disk3'].map((name) => join(dataDir, name));
    await start({ 'yarn.nodemanager.local-dirs': dirs.join(','), 'yarn.nodemanager.delete.debug-delay-sec': '600' });
    const driver = await rm.driver(nm.address);
    const ids = [1, 2, 3, 4, 5, 6].map((seq) => containerOf(seq));
    const launch = command(
      '/bin/sh',
      '-c',
      'echo "$LOCAL_DIRS" >here; for d in $(echo $LOCAL_DIRS | tr , " "); do echo x >$d/shared; done',
    );
    for (const id of ids) {
      await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch });
      expect(await rm.reported(id, 'COMPLETED')).toMatchObject({ exitStatus: 0 });
    }
    const apps = dirs.map((dir) => join(dir, 'usercache/ann/appcache', APP));
    const used = apps.filter((app) => ids.some((id) => existsSync(join(app, id, 'here'))));
    expect(used.length).toBeGreaterThan(1);
    for (const app of apps) expect(existsSync(join(app, 'shared'))).toBe(true);
    const [one] = ids.flatMap((id) => used.map((app) => join(app, id, 'here')).filter((file) => existsSync(file)));
    expect(readFileSync(one!, 'utf8')).toBe(`${apps.join(',')}\n`);
  });

  it('tells the RM that its disks are not well', async () => {
    writeFileSync(join(dataDir, 'no-folder'), '');
    await start({ 'yarn.nodemanager.local-dirs': join(dataDir, 'disk'), 'yarn.nodemanager.log-dirs': join(dataDir, 'no-folder') });
    await rm.until(() => (rm.health.healthy ? undefined : true));
    expect(rm.health.healthReport).toMatch(/1\/1 log-dirs unusable: \[ .*no-folder/);
    const id = containerOf(1);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/true') });
    expect(await rm.reported(id, 'COMPLETED')).toMatchObject({
      exitStatus: -101,
      diagnostics: expect.stringMatching(/Most of the disks failed\. .*no-folder/),
    });
  });

  it('does not start on local dirs of which none can be used, and says so', async () => {
    await start();
    writeFileSync(join(dataDir, 'no-folder'), '');
    const logger = new Log4jLogger({ write: () => {} }, 'NodeManager');
    const second = startNodeManager({
      dataDir,
      name: 'n2',
      settings: settings({ 'yarn.nodemanager.local-dirs': join(dataDir, 'no-folder') }),
      logger,
      distDir: dataDir,
    });
    await expect(second).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining('no-folder') });
  });

  it('registers again when keys rotate, and ends when the RM orders it', async () => {
    await start();
    rm.order({ order: 'rotateKeys' });
    await rm.until(() => (rm.registrations.length > 1 ? true : undefined));
    expect(rm.registrations[1]).toMatchObject({ nodeId: nm.nodeId, containers: [] });
    const id = containerOf(1);
    const driver = await rm.driver(nm.address);
    await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId), launch: command('/bin/sleep', '600') });
    await rm.reported(id, 'RUNNING');
    rm.order({ order: 'shutdown' });
    expect(await rm.reported(id, 'COMPLETED')).toMatchObject({ exitStatus: -100 });
  });
});
