// kill -9 of the NodeManager and what the next one makes of it: real processes, real sockets.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Prng } from '../../../src/common/prng.ts';
import { containerLaunch } from '../../../src/rpc/messages/driver.ts';
import { eventually } from '../../helpers/eventually.ts';
import { APP, command, containerOf, FakeResourceManager } from '../../helpers/fake-resource-manager.ts';

// The bundle: from the sources each start costs four times as much of a processor that others need too.
const MAIN = new URL('../../../dist/nodemanager.cjs', import.meta.url).pathname;
const started: ChildProcess[] = [];
let dataDir: string;
let rm: FakeResourceManager;

/** Resolves with its address when it says READY. */
async function start(conf = ''): Promise<{ child: ChildProcess; address: string; nodeId: string }> {
  const file = join(dataDir, 'emberloom.yaml');
  writeFileSync(
    file,
    `yarn.nodemanager.container-executor.class: DefaultContainerExecutor\nemberloom.executor.prestart: 0\nyarn.nodemanager.container-monitor.interval-ms: 50\nyarn.nodemanager.webapp.address: localhost:0\n${conf}`,
  );
  mkdirSync(join(dataDir, 'dist'), { recursive: true });
  const child = spawn(process.execPath, [MAIN, '--data', dataDir, '--name', 'n1', '--conf', file, '--dist', join(dataDir, 'dist')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  started.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdio[3]!.on('data', (chunk) => resolve(String(chunk)));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, address: line.trim().split(' ')[1]!, nodeId: rm.registrations.at(-1)!.nodeId };
}

const gone = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });

const workFile = (seq: number, name: string) => join(dataDir, 'local/n1/usercache/ann/appcache', APP, containerOf(seq), name);
const isAlive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

/** A container that writes its pid and ends with 7 when told. */
const waiter = command('/bin/sh', '-c', 'echo $$ >me; while [ ! -e go ]; do sleep 0.02; done; echo "went" >&2; exit 7');

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'nm-'));
  rm = await new FakeResourceManager(dataDir).start();
});
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null && child.signalCode === null) await gone(child, 'SIGTERM');
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a NodeManager that was killed with -9', () => {
  it('finds its containers again: the running, the one that ended meanwhile, and reports both', async () => {
    const first = await start();
    const driver = await rm.driver(first.address);
    for (const seq of [1, 2]) {
      await driver.call(containerLaunch, { token: rm.token(containerOf(seq), first.nodeId), launch: waiter });
      await rm.reported(containerOf(seq), 'RUNNING');
      await eventually(() => existsSync(workFile(seq, 'me')) && readFileSync(workFile(seq, 'me'), 'utf8')).toMatch(/\d/);
    }
    await gone(first.child, 'SIGKILL');
    const pids = [1, 2].map((seq) => Number(readFileSync(workFile(seq, 'me'), 'utf8')));
    expect(pids.map(isAlive)).toEqual([true, true]);
    writeFileSync(workFile(1, 'go'), '');
    await eventually(() => isAlive(pids[0]!)).toBe(false);

    await start();
    expect(
      rm.registrations
        .at(-1)!
        .containers.map((c) => c.containerId)
        .sort(),
    ).toEqual([containerOf(1), containerOf(2)]);
    expect(rm.registrations.at(-1)!.applications).toEqual([APP]);
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({
      exitStatus: 7,
      diagnostics: expect.stringContaining('Last 4096 bytes of stderr :\nwent'),
    });
    expect(isAlive(pids[1]!)).toBe(true);
    writeFileSync(workFile(2, 'go'), '');
    expect(await rm.reported(containerOf(2), 'COMPLETED')).toMatchObject({ exitStatus: 7 });
    await eventually(() => existsSync(workFile(2, ''))).toBe(false);
  });

  it('kills what belongs to an application that finished meanwhile', async () => {
    const first = await start();
    const driver = await rm.driver(first.address);
    await driver.call(containerLaunch, { token: rm.token(containerOf(1), first.nodeId), launch: waiter });
    await eventually(() => existsSync(workFile(1, 'me')) && readFileSync(workFile(1, 'me'), 'utf8')).toMatch(/\d/);
    const pid = Number(readFileSync(workFile(1, 'me'), 'utf8'));
    await gone(first.child, 'SIGKILL');
    rm.finishedApplications = [APP];
    await start();
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({ exitStatus: -107 });
    expect(isAlive(pid)).toBe(false);
    await eventually(() => existsSync(join(dataDir, 'local/n1/usercache/ann/appcache', APP))).toBe(false);
  });

  it('says so when a container was killed with it and left no exit code', async () => {
    const first = await start();
    const driver = await rm.driver(first.address);
    await driver.call(containerLaunch, { token: rm.token(containerOf(1), first.nodeId), launch: command('/bin/sleep', '600') });
    await rm.reported(containerOf(1), 'RUNNING');
    const pidFile = join(dataDir, 'state/nm-n1/containers', containerOf(1), 'pid.0');
    await eventually(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/\d\n/);
    await gone(first.child, 'SIGKILL');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    process.kill(-pid, 'SIGKILL');
    await start();
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({
      exitStatus: 154,
      diagnostics: expect.stringContaining('without an exit code'),
    });
  });

  it('fetches the files of a container again that it was fetching, over what is there of them', async () => {
    const content = 'a file\n';
    const path = join(dataDir, 'file');
    writeFileSync(path, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const resources = [
      { path, name: 'mine', kind: 'file' as const, sha256, sizeBytes: content.length },
      { path: dataDir, name: 'folder', kind: 'folder' as const, sizeBytes: 0 },
    ];
    const launch = { ...command('/bin/sh', '-c', 'cat mine; [ -d folder ]'), resources };
    const container = {
      tag: 'LOCALIZING',
      id: containerOf(1),
      applicationId: APP,
      user: 'ann',
      resource: { memoryMb: 64, vcores: 1 },
      launch,
    };
    mkdirSync(join(dataDir, 'state/nm-n1'), { recursive: true });
    writeFileSync(join(dataDir, 'state/nm-n1/containers.jsonl'), `${JSON.stringify({ k: 'container', container })}\n`);
    mkdirSync(workFile(1, ''), { recursive: true });
    for (const name of ['mine', 'folder']) writeFileSync(workFile(1, name), 'half of i');
    await start();
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({ exitStatus: 0, diagnostics: '' });
    expect(readFileSync(join(dataDir, 'userlogs/n1', APP, containerOf(1), 'stdout'), 'utf8')).toBe(content);
  });

  it('still knows of an application whose folders were to be removed, and removes them', async () => {
    const first = await start('yarn.nodemanager.delete.debug-delay-sec: 3600');
    const driver = await rm.driver(first.address);
    await driver.call(containerLaunch, { token: rm.token(containerOf(1), first.nodeId), launch: command('/bin/true') });
    await rm.reported(containerOf(1), 'COMPLETED');
    rm.order({ order: 'cleanupApplication', applicationId: APP });
    await eventually(() => rm.acknowledged).toBe(1);
    await gone(first.child, 'SIGKILL');
    rm.finishedApplications = [APP];
    await start();
    expect(rm.registrations.at(-1)!.applications).toEqual([APP]);
    await eventually(() => existsSync(join(dataDir, 'local/n1/usercache/ann/appcache', APP))).toBe(false);
  });

  it('repeats an end that the RM had not acknowledged, and never one that it had', async () => {
    const first = await start();
    const driver = await rm.driver(first.address);
    await driver.call(containerLaunch, { token: rm.token(containerOf(1), first.nodeId), launch: command('/bin/true') });
    await rm.reported(containerOf(1), 'COMPLETED');
    // Acknowledged and swept: only then it is forgotten.
    await eventually(() => readFileSync(join(dataDir, 'state/nm-n1/containers.jsonl'), 'utf8')).toContain(
      JSON.stringify({ k: 'past', id: containerOf(1) }),
    );
    rm.ackEnds = false;
    await driver.call(containerLaunch, { token: rm.token(containerOf(2), first.nodeId), launch: command('/bin/sh', '-c', 'exit 5') });
    await rm.reported(containerOf(2), 'COMPLETED');
    await gone(first.child, 'SIGKILL');
    rm.ackEnds = true;
    await start();
    const told = rm.registrations.at(-1)!.containers.map((c) => c.containerId);
    expect(told).toContain(containerOf(2));
    expect(told).not.toContain(containerOf(1));
  });

  it('a second NodeManager of the same name does not start, and disturbs nothing', async () => {
    const first = await start();
    const driver = await rm.driver(first.address);
    await driver.call(containerLaunch, { token: rm.token(containerOf(1), first.nodeId), launch: waiter });
    await rm.reported(containerOf(1), 'RUNNING');
    await expect(start()).rejects.toThrow('ended with 73');
    writeFileSync(workFile(1, 'go'), '');
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({ exitStatus: 7 });
  });

  it.each([1, 2, 3])('loses no container and starts none twice, whenever it is killed (seed %i)', async (seed) => {
    const random = new Prng(seed);
    const launches = new Map<string, { seq: number; accepted: boolean }>();
    let node = await start();
    let seq = 0;
    for (let round = 0; round < 4; round++) {
      const driver = await rm.driver(node.address);
      const calls = [1, 2, 3].map(async () => {
        const id = containerOf(++seq);
        const mine = { seq, accepted: false };
        launches.set(id, mine);
        const script = `echo $$ >>"$LOCAL_DIRS/started-${seq}"; sleep 0.${random.int(6)}; exit ${seq % 100}`;
        await driver.call(containerLaunch, { token: rm.token(id, node.nodeId), launch: command('/bin/sh', '-c', script) });
        mine.accepted = true;
      });
      const all = Promise.allSettled(calls);
      await new Promise((resolve) => setTimeout(resolve, random.int(120)));
      await gone(node.child, 'SIGKILL');
      await all;
      node = await start();
    }
    const app = join(dataDir, 'local/n1/usercache/ann/appcache', APP);
    for (const [id, { seq, accepted }] of launches) {
      if (!accepted && !rm.reports.some((r) => r.containerId === id)) continue; // it never got there: the driver knows
      expect(await rm.reported(containerOf(seq), 'COMPLETED')).toMatchObject({ exitStatus: seq % 100 });
      expect(
        readFileSync(join(app, `started-${seq}`), 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(1);
    }
    expect(rm.reports.length).toBeGreaterThan(0);
    await eventually(() => readdirSync(join(dataDir, 'state/nm-n1/containers'))).toEqual([]);
  });
});
