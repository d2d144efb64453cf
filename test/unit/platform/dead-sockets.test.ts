// Sockets that a killed driver left are taken away; those in use, young ones and others' stay.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeDeadSockets } from '../../../src/platform/dead-sockets.ts';

test('only old sockets of drivers that nobody listens on go', async () => {
  const dir = mkdtempSync(join(tmpdir(), 's-'));
  // Left behind by a process that was killed: it can't take them away.
  const left = ['d-a-1.sock', 'd-a-1-b2.sock', 'nm-n1.sock', 'd-young-3.sock'];
  const script = `const net=require('node:net');let n=0;for(const name of ${JSON.stringify(left)})net.createServer().listen(${JSON.stringify(dir)}+'/'+name,()=>{if(++n===${left.length})process.kill(process.pid,'SIGKILL')})`;
  spawnSync(process.execPath, ['-e', script]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(dir, 'd-alive-2.sock'), resolve));
  const old = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(dir)) if (!name.includes('young')) utimesSync(join(dir, name), old, old);
  expect((await removeDeadSockets(dir, Date.now())).sort()).toEqual(['d-a-1-b2.sock', 'd-a-1.sock']);
  expect(readdirSync(dir).sort()).toEqual(['d-alive-2.sock', 'd-young-3.sock', 'nm-n1.sock']);
  expect(await removeDeadSockets(join(dir, 'none'), Date.now())).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});
