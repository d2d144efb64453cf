// The pages in a real browser against a real ResourceManager, with a node and a driver that only speak the protocol: what happens there is seen
// here without loading anything anew, and the button really ends an application.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptId } from '../../src/common/ids.ts';
import type { Logger } from '../../src/common/ports.ts';
import { Settings } from '../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../src/resourcemanager/main.ts';
import { applicationNew, applicationReport, applicationSubmit } from '../../src/rpc/messages/client.ts';
import type { Peer } from '../../src/rpc/peer.ts';
import { CHROMIUM, NO_CHROMIUM, openBrowser, openPage } from '../helpers/chromium.ts';
import { ask, asClient, FakeDriver, FakeNode } from '../unit/resourcemanager/service/fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });

if (CHROMIUM === undefined) process.stderr.write(`pages are not tested: ${NO_CHROMIUM}\n`);
describe.runIf(CHROMIUM !== undefined)('pages of a real ResourceManager', { timeout: 60_000 }, () => {
  let browser: Browser;
  let dataDir: string;
  let rm: StartedResourceManager;
  let client: Peer;
  const secret = () => readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'em-pages-'));
    const settings = new Settings([
      setting('yarn.admin.acl', 'ada'),
      setting('hadoop.http.authentication.type', 'simple'),
      setting('yarn.resourcemanager.webapp.address', '127.0.0.1:0'),
    ]);
    const onFatal = (error: Error): never => {
      throw error;
    };
    [browser, rm] = await Promise.all([openBrowser(), startResourceManager({ dataDir, settings, logger: quiet, http: true, onFatal })]);
    client = await asClient(rm.address, secret());
  });
  afterAll(async () => {
    client?.close();
    await Promise.all([browser?.close(), rm?.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('an application comes, waits, gets containers on a node that comes, and is ended by the button', async () => {
    const page = await openPage(browser, `${rm.url}/cluster/apps?user.name=ada`);
    await page.getByText('No application was ever submitted.').waitFor();
    await page.locator('.live.live').waitFor();
    await page.evaluate('window.stays = 1');

    const { applicationId } = await client.call(applicationNew, {});
    const about = {
      name: '<i>nightly</i>',
      type: 'SPARK',
      user: 'ada',
      queue: 'default',
      tags: [],
      priority: 0,
      unmanaged: true,
      maxAttempts: 1,
    };
    const { secret: own } = await client.call(applicationSubmit, { applicationId, ...about });
    await page.getByRole('link', { name: applicationId }).waitFor();

    const driver = new FakeDriver(attemptId(applicationId, 1), own);
    await driver.connect(rm.address);
    await driver.allocate([ask(2)]);
    await page.getByRole('link', { name: applicationId }).click();
    await page.getByRole('heading', { name: '<i>nightly</i>', level: 1 }).waitFor();
    await page.getByText('No node is in the cluster').or(page.getByText('No node has registered')).first().waitFor();

    const node = new FakeNode('localhost:one');
    await node.connect(rm.address, secret());
    await page.locator('[data-table=containers] tr[data-row]').nth(1).waitFor();
    expect(await page.locator('.waits').count()).toBe(0);
    await page.getByRole('link', { name: 'localhost:one' }).first().click();
    await page.getByRole('heading', { name: 'Node localhost:one' }).waitFor();
    expect(await page.locator('.node-memory a.box').count()).toBe(2);
    await page.goBack();

    await page.getByRole('button', { name: 'Kill' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
    await page.getByText("from the cluster's page").first().waitFor();
    expect((await client.call(applicationReport, { applicationId })).state).toBe('KILLED');
    expect(await page.evaluate('window.stays')).toBe(1);
    expect(page.faults).toEqual([]);
    await page.close();
    driver.peer?.close();
    node.peer?.close();
  });
});
