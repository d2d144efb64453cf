// Executors started ahead, with a stand-in of a few lines for the executor program; real processes.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../src/common/settings.ts';
import { startNodeManager, type StartedNodeManager } from '../../../src/nodemanager/main.ts';
import { Log4jLogger } from '../../../src/platform/log4j-logger.ts';
import { containerLaunch, containerStop } from '../../../src/rpc/messages/driver.ts';
import type { LaunchContext } from '../../../src/rpc/messages/shapes.ts';
import { eventually } from '../../helpers/eventually.ts';
import { APP, containerOf, FakeResourceManager } from '../../helpers/fake-resource-manager.ts';

/** Says who it is; started ahead it waits for one line on fd 3, and ends with the pipe when none comes. */
const STAND_IN = `
const fs = require('node:fs');
const told = (env, secrets, how) => {
  const { EMBERLOOM_APPLICATION_ID: app, CONTAINER_ID: container } = env;
  const { EMBERLOOM_APP_SECRET: secret } = secrets;
  console.log(JSON.stringify({ pid: process.pid, how, app, secret, cwd: process.cwd(), container, start: process.env.CONTAINER_ID }));
  if (env.ENDS) process.exit(Number(env.ENDS));
  setInterval(() => {}, 1e6);
};
if (!process.argv.includes('--prestarted')) told(process.env, JSON.parse(fs.readFileSync(process.env.EMBERLOOM_CONTAINER_TOKENS)), 'cold');
else {
  fs.writeFileSync(process.env.HOME + '/idle-' + process.pid, Object.keys(process.env).sort().join(' '));
  const socket = new (require('node:net').Socket)({ fd: 3, readable: true, writable: true });
  socket.write('READY\\n');
  let text = '';
  socket.on('data', (c) => {
    text += c;
    if (!text.includes('\\n')) return;
    socket.removeAllListeners();
    const { env, secrets, cwd } = JSON.parse(text);
    process.chdir(cwd);
    told(env, secrets, 'claimed');
  });
  socket.on('end', () => process.exit(0));
}
`;

let dataDir: string;
let home: string;
let rm: FakeResourceManager;
let nm: StartedNodeManager;
let log: string;

const executor = (env: Record<string, string> = {}): LaunchContext => ({
  kind: 'executor',
  args: [],
  env: { EMBERLOOM_APPLICATION_ID: APP, EMBERLOOM_EXECUTOR_CORES: '1', ...env },
  secretEnv: { EMBERLOOM_APP_SECRET: 'shh' },
  resources: [],
  user: 'ann',
});
const idle = () =>
  readdirSync(home)
    .filter((n) => n.startsWith('idle-'))
    .map((n) => Number(n.slice(5)))
    .filter(isAlive);
const isAlive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

async function start(program = STAND_IN, count = 2): Promise<void> {
  writeFileSync(join(dataDir, 'dist', 'executor.cjs'), program);
  const settings = new Settings([{ name: 'emberloom.executor.prestart', value: String(count), where: 'test', line: 1 }]);
  const logger = new Log4jLogger({ write: (text: string) => (log += text) }, 'NodeManager');
  nm = await startNodeManager({
    dataDir,
    name: 'n1',
    settings,
    logger,
    distDir: join(dataDir, 'dist'),
    env: { PATH: process.env.PATH, HOME: home, USER: 'ann', SECRET_OF_MINE: 'x' },
  });
  await nm.registered;
}

/** Launches, and reads what the executor said on stdout. */
async function launched(
  seq: number,
  launch: LaunchContext,
  user = 'ann',
): Promise<{ pid: number; how: string; app: string; secret: string; cwd: string; container: string; start?: string }> {
  const id = containerOf(seq);
  const driver = await rm.driver(nm.address);
  await driver.call(containerLaunch, { token: rm.token(id, nm.nodeId, { user }), launch });
  const file = join(dataDir, 'userlogs/n1', APP, id, 'stdout');
  await eventually(() => existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\n/);
  driver.close();
  return JSON.parse(readFileSync(file, 'utf8'));
}

beforeEach(async () => {
  log = '';
  dataDir = mkdtempSync(join(tmpdir(), 'nm-'));
  home = join(dataDir, 'home');
  mkdirSync(home);
  mkdirSync(join(dataDir, 'dist'));
  rm = await new FakeResourceManager(dataDir).start();
});
afterEach(async () => {
  await nm.stop();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('executors started ahead', () => {
  it("are claimed once, with the container's folder, secrets and logs, and are replaced", async () => {
    await start();
    await eventually(() => idle().length).toBe(2);
    const before = idle();
    for (const pid of before) expect(readFileSync(join(home, `idle-${pid}`), 'utf8').split(' ')).not.toContain('SECRET_OF_MINE');
    const said = await launched(1, executor());
    expect(said).toEqual({
      pid: expect.any(Number),
      how: 'claimed',
      app: APP,
      secret: 'shh',
      cwd: join(dataDir, 'local/n1/usercache/ann/appcache', APP, containerOf(1)),
      container: containerOf(1),
    });
    expect(before).toContain(said.pid);
    await eventually(() => idle().filter((pid) => pid !== said.pid).length).toBe(2);
    const again = await launched(2, executor());
    expect(again.pid).not.toBe(said.pid);
    const driver = await rm.driver(nm.address);
    await driver.call(containerStop, { containerId: containerOf(1), reason: '' });
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({ exitStatus: -105 });
    await eventually(() => isAlive(said.pid)).toBe(false);
  });

  it('are for applications of the user for whom they were started; another user starts cold, and has his own ready the next time', async () => {
    await start(STAND_IN, 1);
    await eventually(() => idle().length).toBe(1);
    const [anns] = idle();
    expect((await launched(1, { ...executor(), user: 'bob' }, 'bob')).how).toBe('cold');
    await eventually(() => isAlive(anns!)).toBe(false); // it made room
    await eventually(() => idle().length).toBe(1);
    const [bobs] = idle();
    expect(await launched(2, { ...executor(), user: 'bob' }, 'bob')).toMatchObject({ how: 'claimed', pid: bobs });
  });

  it('are not claimed when the program was replaced since: a driver of the new make could not talk to them', async () => {
    await start(STAND_IN, 1);
    await eventually(() => idle().length).toBe(1);
    const [old] = idle();
    rmSync(join(dataDir, 'dist', 'executor.cjs'));
    writeFileSync(join(dataDir, 'dist', 'executor.cjs'), STAND_IN);
    expect((await launched(1, executor())).how).toBe('cold');
    await eventually(() => isAlive(old!)).toBe(false);
    await eventually(() => idle().length).toBe(1);
    const [fresh] = idle();
    expect(await launched(2, executor())).toMatchObject({ how: 'claimed', pid: fresh });
  });

  it('are not used for commands, nor when Node.js options are asked for', async () => {
    await start();
    await eventually(() => idle().length).toBe(2);
    expect(await launched(1, executor({ EMBERLOOM_NODE_OPTIONS: '--stack-size=2000' }))).toMatchObject({
      how: 'cold',
      secret: 'shh',
      start: containerOf(1),
    });
  });

  it('report their exit code when they end', async () => {
    await start();
    await eventually(() => idle().length).toBe(2);
    await launched(1, executor({ ENDS: '52' }));
    expect(await rm.reported(containerOf(1), 'COMPLETED')).toMatchObject({ exitStatus: 52 });
  });

  it('end with the NodeManager', async () => {
    await start();
    await eventually(() => idle().length).toBe(2);
    await nm.stop();
    await eventually(() => idle()).toEqual([]);
  });

  it('are given up when the program is broken, with a warning; containers then start their own', async () => {
    await start('if (process.argv.includes("--prestarted")) process.exit(9); console.log("{}"); setInterval(() => {}, 1e6)');
    await eventually(() => log).toContain('No more are started.');
    await launched(1, executor());
    expect(log.match(/started ahead ended/g)!.length).toBeLessThanOrEqual(4); // two were on their way at once
  });

  it('can be switched off', async () => {
    await start(STAND_IN, 0);
    expect(await launched(1, executor())).toMatchObject({ how: 'cold' });
    expect(idle()).toEqual([]);
  });
});
