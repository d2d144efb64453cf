// The history server's pages in a real browser: the list of 10,000 applications, one of them, two compared.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, NO_CHROMIUM, openBrowser, openPage } from '../helpers/chromium.ts';
import { DEMO_APP, HOSTILE } from '../helpers/demo-application.ts';
import { historyAnswers } from '../helpers/demo-history.ts';
import { type PagesServer, startPagesServer } from '../helpers/pages-server.ts';

if (CHROMIUM === undefined) process.stderr.write(`pages are not tested: ${NO_CHROMIUM}\n`);
describe.runIf(CHROMIUM !== undefined)('history pages', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: PagesServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser(), startPagesServer('history', historyAnswers())]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.close()]);
  });

  it('the list is paged, searched, sorted and filtered by the server; its names stay text', async () => {
    const page = await openPage(browser, `${server.url}/`);
    const asks = (part: string) => page.waitForRequest((r) => r.url().includes(part));
    await page.getByText('of 10,000').waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(20);
    await page.getByText(HOSTILE).first().waitFor();
    const last = asks('offset=9980');
    await page.getByRole('button', { name: 'last page' }).click();
    await last;
    const sorted = asks('sortBy=duration&descending=true');
    await page.getByRole('button', { name: 'Duration' }).click();
    await sorted;
    const open = asks('completed=false');
    await page.getByText('incomplete', { exact: true }).click();
    await open;
    await page.getByText('of 21').waitFor();
    const found = asks('search=ben');
    await page.getByRole('searchbox').fill('ben');
    await found;
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(page.faults).toEqual([]);
    await page.close();
  });

  it('an application’s pages stand below its id and attempt, without what only a running one has', async () => {
    const page = await openPage(browser, `${server.url}/`);
    await page.getByRole('link', { name: DEMO_APP }).click();
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/history/${DEMO_APP}/1/jobs/`);
    await page.getByRole('link', { name: 'Executors' }).click();
    await page.locator('table[aria-label=executors]').getByText('worker-1:39001').waitFor();
    expect(await page.getByText('flame').count()).toBe(0);
    await page.goto(`${server.url}/history/${DEMO_APP}/1/stages/stage/?id=7&attempt=0`);
    await page.waitForSelector('canvas[data-drawn]');
    expect(await page.getByRole('link', { name: 'event log' }).getAttribute('href')).toBe(`/api/v1/applications/${DEMO_APP}/1/logs`);
    expect(server.requests.some((r) => r.includes('/live'))).toBe(false);
    expect(page.faults).toEqual([]);
    await page.close();
  });

  it('two runs are chosen, compared, and exchanged', async () => {
    const page = await openPage(browser, `${server.url}/`);
    await page.getByLabel('compare app-20261128-00001').check();
    await page.getByLabel('compare app-20261128-00004').check();
    await page.getByRole('link', { name: 'Compare the two' }).click();
    await page.locator('table[aria-label="costs of both runs"]').getByText('+69 %').waitFor();
    const stages = page.locator('[data-table=stages] tr[data-row]');
    await stages.nth(0).getByText('reduceByKey at report.ts:21').waitFor();
    await stages.filter({ hasText: 'only in B' }).waitFor();
    await page.getByRole('button', { name: 'exchange A and B' }).click();
    await page.waitForURL(/a=app-20261128-00004&b=app-20261128-00001/);
    expect(page.faults).toEqual([]);
    await page.close();
  });
});
