// The ResourceManager's and the NodeManager's pages in a real browser, against an invented cluster with hostile names and 100,000 applications.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, NO_CHROMIUM, openBrowser, openPage } from '../helpers/chromium.ts';
import { type ClusterPagesServer, serveCluster, serveNode } from '../helpers/cluster-pages-server.ts';
import { demoCluster, HOSTILE_NAME } from '../helpers/demo-cluster.ts';
import { demoContainer, demoNode } from '../helpers/demo-node.ts';
import { eventually } from '../helpers/eventually.ts';

const START = 1_764_400_000_000;
const TOTAL = 100_000;
const app = (n: number) => `application_${START}_${n}`;

if (CHROMIUM === undefined) process.stderr.write(`pages are not tested: ${NO_CHROMIUM}\n`);
describe.runIf(CHROMIUM !== undefined)('pages of the cluster', { timeout: 60_000 }, () => {
  let browser: Browser;
  let rm: ClusterPagesServer;
  let empty: ClusterPagesServer;
  let nm: ClusterPagesServer;
  const killed: string[] = [];
  const cluster = demoCluster({ applications: TOTAL, live: 30, killed });
  const node = demoNode();
  beforeAll(async () => {
    [browser, rm, empty, nm] = await Promise.all([
      openBrowser(),
      serveCluster(cluster),
      serveCluster(demoCluster({ applications: 0, live: 0, nodes: 0 })),
      serveNode(node),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), rm?.close(), empty?.close(), nm?.close()]);
  });
  const open = (server: ClusterPagesServer, path: string, options?: { dark?: boolean; width?: number }) =>
    openPage(browser, server.url + path, options);
  type Page = Awaited<ReturnType<typeof openPage>>;
  const asks = (page: Page, part: string) => page.waitForRequest((r) => r.url().includes('/ui-api/') && r.url().includes(part));
  const isWell = async (page: Page) => {
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(page.faults).toEqual([]);
    await page.close();
  };

  it.each([
    ['/cluster', 'Cluster', 'Waiting longest'],
    ['/cluster/apps', 'Applications', HOSTILE_NAME],
    [`/cluster/app/${app(TOTAL)}`, HOSTILE_NAME, 'Why it waits'],
    [`/cluster/app/${app(99_993)}`, 'report 83 of sales', 'Containers'],
    ['/cluster/scheduler?open=root.etl.nightly', 'Queues', 'Memory of what he may have'],
    ['/cluster/nodes', 'Nodes', `1/2 local-dirs have errors: /data/2 is ${HOSTILE_NAME}`],
    ['/ui/nodes/node-6:45454', 'Node node-6:45454', 'To scale'],
    ['/ui/settings', 'Settings', HOSTILE_NAME],
  ])('%s is drawn, names stay text, nothing leaves the server', async (path, title, text) => {
    const page = await open(rm, path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByText(text).first().waitFor({ state: 'attached' });
    await page.locator('.live.live').waitFor();
    await isWell(page);
  });

  it.each(['/ui/cluster', '/ui/apps', '/ui/queues', '/ui/nodes'])('an empty cluster: %s', async (path) => {
    const page = await open(empty, path);
    await page.locator('main .section, main .stat').first().waitFor();
    await isWell(page);
  });

  it('100,000 applications are sorted, searched, filtered and paged by the server, and the address says how', async () => {
    const page = await open(rm, '/ui/apps');
    const table = page.locator('[data-table=apps]');
    await table.getByText('of 100,000').waitFor();
    const sorted = asks(page, 'sortBy=memoryMb&descending=true');
    await table.getByRole('button', { name: 'Memory' }).click();
    await sorted;
    const second = asks(page, 'offset=50&length=50');
    await table.getByRole('button', { name: 'next page' }).click();
    await second;
    const failed = asks(page, 'state=FAILED');
    await table.getByText('failed', { exact: false }).first().click();
    await failed;
    const narrowed = asks(page, 'search=user%3Aetl');
    await table.getByRole('button', { name: 'etl', exact: true }).first().click();
    await narrowed;
    await page.waitForURL(/state=FAILED/);
    await page.waitForURL(/apps\.q=user%3Aetl/);
    await page.reload();
    await table.getByRole('link').first().waitFor();
    expect(await table.getByRole('searchbox').inputValue()).toBe('user:etl');
    expect(await table.locator('tr[data-row]').count()).toBe(50);
    expect(new Set(await table.locator('tr[data-row] td:nth-child(4)').allTextContents())).toEqual(new Set(['etl']));
    await isWell(page);
  });

  it('first paint does not wait for data', async () => {
    const page = await browser.newPage();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/ui-api/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${rm.url}/ui/apps`);
    await page.getByRole('heading', { name: 'Applications', level: 1 }).waitFor();
    await page.getByText('Loading …').waitFor();
    release();
    await page.getByText('of 100,000').waitFor();
    await page.close();
  });

  it('why it waits is said with what would let it run; attempts can be chosen; logs are read through the ResourceManager', async () => {
    const page = await open(rm, `/ui/apps/${app(TOTAL)}`);
    await page.getByText('Queue root.etl.nightly is at its maximum-capacity 40 %').waitFor();
    await page.getByText('or when its maximum-capacity is raised to 43 %').waitFor();
    await page.getByRole('link', { name: /attempt 1/ }).click();
    await page.waitForURL(/attempt=1/);
    await page.getByText(`AM container exited with -104 ${HOSTILE_NAME}`).waitFor();
    const logs = await page.getByRole('link', { name: 'logs' }).evaluateAll((links) => links.map((l) => l.getAttribute('href')));
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.every((href) => /^\/ui\/containers\/container_/.test(href ?? ''))).toBe(true);
    await page.getByRole('link', { name: 'logs' }).first().click();
    await page.waitForURL(/ui\/containers\/container_/);
    await page.getByText('a line').waitFor();
    await isWell(page);
  });

  it('a kill asks first, and is where it is allowed only', async () => {
    const id = app(99_991);
    const page = await open(rm, `/ui/apps/${id}`);
    await page.getByRole('button', { name: 'Kill' }).click();
    await page.getByRole('button', { name: 'Keep it running' }).click();
    expect(killed).toEqual([]);
    await page.getByRole('button', { name: 'Kill' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
    await page.locator('.badge').getByText('Killed').waitFor();
    expect(killed).toEqual([id]);
    await page.goto(`${rm.url}/ui/apps/${app(99_990)}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('heading', { name: /Attempt/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Kill' }).count()).toBe(0);
    await isWell(page);
  });

  it('follows the cluster: only who shows a topic asks again, and a new sample reaches the time lines', async () => {
    const page = await open(rm, '/ui/nodes');
    await page.locator('.live.live').waitFor();
    await page.locator('tr[data-row]').first().waitFor();
    const asked: string[] = [];
    page.on('request', (r) => asked.push(r.url()));
    cluster.bump('queues');
    const again = asks(page, '/nodes?');
    cluster.bump('nodes');
    await again;
    expect(asked.filter((url) => url.includes('/queues'))).toEqual([]);
    await isWell(page);
  });

  it('the last hour is drawn, and each chart says its numbers in words', async () => {
    const page = await open(rm, '/ui/cluster');
    await page.locator('.chart canvas').first().waitFor();
    expect(await page.locator('.chart canvas').count()).toBe(5);
    const words = await page.locator('figure.chart').evaluateAll((all) => all.map((f) => f.getAttribute('aria-label')));
    expect(words[0]).toMatch(/^Memory: .* of .* in use now$/);
    await isWell(page);
  });

  it('queues: bars in words, users, and the scale can be the queue’s own', async () => {
    const page = await open(rm, '/ui/queues');
    await page
      .getByRole('img', { name: 'root.etl.nightly: 40 % of the cluster in use, 25 % guaranteed, 40 % at most, 20 % asked for' })
      .waitFor();
    await page.getByRole('button', { name: 'nightly' }).click();
    await page.waitForURL(/open=root\.etl\.nightly/);
    await page.getByRole('link', { name: 'ann' }).first().waitFor();
    await page.getByText('of its own maximum').click();
    await page.waitForURL(/scale=own/);
    expect(
      await page
        .locator('[data-row="root.etl.nightly"] .queue-bar .may')
        .evaluate((i) => (i as unknown as { style: { width: string } }).style.width),
    ).toBe('100%');
    await isWell(page);
  });

  it('nodes are drawn to scale, unhealthy ones say why', async () => {
    const page = await open(rm, '/ui/nodes?state=UNHEALTHY');
    await page.locator('tr[data-row]').first().waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(3);
    expect(await page.locator('tr.below').count()).toBe(3);
    const [whole, box] = await page
      .locator('.node-box')
      .first()
      .evaluate((n) => [n.getBoundingClientRect().width, n.querySelector('.box')!.getBoundingClientRect().width] as const);
    expect(box / whole).toBeCloseTo(8 / 48, 1);
    await isWell(page);
  });

  it('can be used by keyboard alone', async () => {
    const page = await open(rm, '/ui/cluster');
    await page.locator('.stat').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Applications', level: 1 }).waitFor();
    await page.locator('tr[data-row]').first().waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/ui/apps/${app(TOTAL)}`));
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
    await isWell(page);
  });

  it('is dark when the system is, and light when one says so', async () => {
    const page = await open(rm, '/ui/nodes', { dark: true });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(await ground()).toBe('rgb(21, 19, 15)');
    await page.getByRole('button', { name: /theme/ }).click();
    expect(await ground()).toBe('rgb(250, 249, 247)');
    await isWell(page);
  });

  it('fits a phone: nothing but tables and drawings is wider than the screen', async () => {
    for (const path of ['/ui/cluster', '/ui/apps', `/ui/apps/${app(TOTAL)}`, '/ui/queues?open=root.etl', '/ui/nodes', '/ui/settings']) {
      const page = await open(rm, path, { width: 380 });
      await page.locator('main h1').waitFor();
      await page.locator('main section, main .stat').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(380);
      await page.close();
    }
  });

  it('says what is wrong with an address', async () => {
    const page = await open(rm, '/ui/apps/application_1_0001');
    await page.getByText('There is no application application_1_0001.').waitFor();
    await page.close();
  });

  describe('of a NodeManager', () => {
    it('containers with their resident memory against their limits', async () => {
      const page = await open(nm, '/node');
      await page.getByRole('img', { name: /^resident memory: 3\.8 GiB of 4\.0 GiB$/ }).waitFor();
      await page.getByText(`Container is running beyond physical memory limits. ${HOSTILE_NAME}`).waitFor();
      expect(
        await page
          .getByRole('link', { name: `application_${START}_0042` })
          .first()
          .getAttribute('href'),
      ).toBe(`http://rm:8088/ui/apps/application_${START}_0042`);
      await isWell(page);
    });

    it('a log is followed while it grows', async () => {
      const page = await open(nm, `/node/containerlogs/${demoContainer(1)}/ann/stdout`);
      const text = page.locator('.log-text');
      await text.getByText('line 19999').waitFor();
      node.grow(`a new line ${HOSTILE_NAME}`);
      await text.getByText(`a new line ${HOSTILE_NAME}`).waitFor();
      const atEnd =
        'document.querySelector(".log-text").scrollTop + document.querySelector(".log-text").clientHeight >= document.querySelector(".log-text").scrollHeight - 4';
      await eventually(() => page.evaluate(atEnd)).toBe(true);
      await text.getByRole('button', { name: /Earlier/ }).click();
      await eventually(async () => (await text.textContent())?.includes('line 14000')).toBe(true);
      await isWell(page);
    });

    it('a log is searched whole, and a line found is gone to', async () => {
      const page = await open(nm, `/ui/logs/${demoContainer(1)}?file=stdout`);
      await page.getByRole('searchbox').fill('error <img');
      await page.getByText('11 lines with “error <img”').waitFor();
      await page.getByRole('button', { name: /INFO line 3998 ERROR/ }).click();
      await page.waitForURL(/at=\d+/);
      await page.locator('.log-text mark').first().waitFor();
      await eventually(async () => (await page.locator('.log-text').textContent())?.includes('line 3999\n')).toBe(true);
      await isWell(page);
    });
  });
});
