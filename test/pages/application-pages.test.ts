// The application's pages in a real browser: against a real Spark's answers, and against an invented application with hostile names and 100,000 tasks.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, NO_CHROMIUM, openBrowser, openPage } from '../helpers/chromium.ts';
import { BIG_STAGE, demoAnswers, HOSTILE } from '../helpers/demo-application.ts';
import { eventually } from '../helpers/eventually.ts';
import { goldenAnswers } from '../helpers/golden-pages.ts';
import { type PagesServer, startPagesServer } from '../helpers/pages-server.ts';

if (CHROMIUM === undefined) process.stderr.write(`pages are not tested: ${NO_CHROMIUM}\n`);
describe.runIf(CHROMIUM !== undefined)('pages', { timeout: 60_000 }, () => {
  let browser: Browser;
  let golden: PagesServer;
  let demo: PagesServer;
  beforeAll(async () => {
    [browser, golden, demo] = await Promise.all([
      openBrowser(),
      startPagesServer('driver', goldenAnswers),
      startPagesServer('driver', demoAnswers()),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), golden?.close(), demo?.close()]);
  });
  const open = (server: PagesServer, path: string, options?: { dark?: boolean; width?: number }) =>
    openPage(browser, server.url + path, options);
  const asks = (server: PagesServer, page: Page, part: string) =>
    page.waitForRequest((r) => r.url().startsWith(server.url) && r.url().includes(part));

  describe('with the answers of a real Spark 4.0.1', () => {
    it.each([
      ['/jobs/', 'table[aria-label="completed jobs"]', 'collect at /opt/example/live.py:5'],
      ['/jobs/job/?id=1', 'table[aria-label="completed stages"]', 'collect at /opt/example/live.py:5'],
      ['/stages/', 'table[aria-label="completed stages"]', '1.3 KiB'],
      ['/stages/stage/?id=2&attempt=0', 'table[aria-label="summary metrics"]', 'Duration'],
      ['/storage/', 'table[aria-label="cached RDDs"]', 'PythonRDD'],
      ['/storage/rdd/?id=1', 'table[aria-label="partitions"]', 'rdd_1_0'],
      ['/environment/', 'table[aria-label="Spark properties"]', 'spark.app.name'],
      ['/executors/', 'table[aria-label="executors"]', 'localhost:39591'],
      ['/SQL/', 'table[aria-label="SQL executions"]', 'collect at /opt/example/live.py:7'],
      ['/SQL/execution/?id=1', '.dag .plan-title', 'HashAggregate'],
    ])('%s is drawn', async (path, selector, text) => {
      const page = await open(golden, path);
      const within = page.locator(selector);
      await within
        .getByText(text)
        .or(within.filter({ hasText: text }))
        .first()
        .waitFor();
      expect(page.faults.filter((f) => !f.includes('404'))).toEqual([]);
      await page.close();
    });
  });

  it('/ goes to the jobs, and tabs change the page without loading it anew', async () => {
    const page = await open(demo, '/');
    expect(new URL(page.url()).pathname).toBe('/jobs/');
    await page.evaluate('window.stays = 1');
    await page.getByRole('link', { name: 'Executors' }).click();
    await page.getByRole('heading', { name: 'Executors', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/executors/');
    expect(await page.evaluate('window.stays')).toBe(1);
    await page.goBack();
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(page.faults).toEqual([]);
    await page.close();
  });

  it.each(['/jobs/', '/jobs/job/?id=2'])('why a job failed: %s', async (path) => {
    const page = await open(demo, path);
    await page.getByText("TypeError: Cannot read properties of undefined (reading 'amount')").first().waitFor();
    expect(page.faults).toEqual([]);
    await page.close();
  });

  it.each([
    '/jobs/',
    '/jobs/job/?id=5',
    '/jobs/job/?id=1',
    '/stages/?pool=default',
    '/stages/stage/?id=12',
    '/stages/stage/?id=3',
    '/storage/',
    '/storage/rdd/?id=3',
    '/environment/',
  ])('names that users gave stay text: %s', async (path) => {
    const page = await open(demo, path);
    await page.getByText(HOSTILE).first().waitFor({ state: 'attached' });
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(page.faults).toEqual([]);
    await page.close();
  });

  describe('a stage of 100,000 tasks', () => {
    const path = `/stages/stage/?id=${BIG_STAGE}&attempt=0`;
    const canvas = (page: Page) => page.locator('[data-timeline=timeline] canvas');
    const drawn = async (page: Page) =>
      ({ ...(await canvas(page).evaluate((c: { dataset: object }) => ({ ...c.dataset }))) }) as { drawn: string; from: string; to: string };

    it('is drawn as pixels, not as tasks; zooming shows single ones, and the view is in the address', async () => {
      const page = await open(demo, path);
      await page.waitForSelector('canvas[data-drawn]');
      const whole = await drawn(page);
      expect(Number(whole.drawn)).toBeGreaterThan(1000);
      // 32 rows of about 1,200 pixels hold at most this many boxes.
      expect(Number(whole.drawn)).toBeLessThan(45_000);
      await canvas(page).focus();
      for (let i = 0; i < 12; i++) await page.keyboard.press('+');
      await eventually(async () => Number((await drawn(page)).to)).toBeLessThan(Number(whole.to) * 0.6);
      await page.waitForURL(/timeline\.view=\d+-\d+/);
      const near = await drawn(page);
      expect(Number(near.drawn)).toBeLessThan(Number(whole.drawn));
      await page.keyboard.press('ArrowRight');
      await eventually(async () => Number((await drawn(page)).from)).toBeGreaterThan(Number(near.from));
      await page.reload();
      await canvas(page).waitFor();
      await eventually(async () => Number((await drawn(page)).from)).toBeGreaterThan(0);
      expect(page.faults).toEqual([]);
      await page.close();
    });

    it('a task is named under the pointer and kept by a click', async () => {
      const page = await open(demo, path);
      await page.waitForSelector('canvas[data-drawn]');
      await canvas(page).scrollIntoViewIfNeeded();
      await canvas(page).hover({ position: { x: 300, y: 30 } });
      await page
        .locator('.tip')
        .getByText(/^Task [\d,]+ · /)
        .waitFor();
      await canvas(page).click({ position: { x: 300, y: 30 } });
      await page.waitForURL(/[?&]task=\d+/);
      await page.locator('.picked').waitFor();
      await page.close();
    });

    it('its table is sorted, searched, filtered and paged by the server', async () => {
      const page = await open(demo, path);
      const table = page.locator('[data-table=tasks]');
      await table.getByText('of 100,000').waitFor();
      const sorted = asks(demo, page, 'sortBy=duration&descending=true');
      await table.getByRole('button', { name: 'Duration' }).click();
      await sorted;
      const second = asks(demo, page, 'offset=20&length=20');
      await table.getByRole('button', { name: 'next page' }).click();
      await second;
      await page.waitForURL(/tasks\.page=2/);
      const found = asks(demo, page, 'search=worker-3');
      await table.getByRole('searchbox').fill('worker-3');
      await found;
      const failed = asks(demo, page, 'status=FAILED');
      await table.getByText('failed', { exact: true }).click();
      await failed;
      await table.locator('.error-button').first().click();
      await table.getByText('revenueOf (/home/ann/report/src/revenue.ts:41:23)').first().waitFor();
      expect(page.url()).toMatch(/tasks\.sort=-duration/);
      await page.close();
    });

    it('optional figures come by check box, for quantiles and tasks alike', async () => {
      const page = await open(demo, path);
      await page.getByRole('checkbox', { name: 'Scheduler delay' }).check();
      await page.waitForURL(/metrics=schedulerDelay/);
      await page.locator('.quantiles').getByText('Scheduler delay').waitFor();
      await page.locator('[data-table=tasks] th').getByText('Scheduler delay').waitFor();
      await page.close();
    });
  });

  it('all attempts of a stage can be looked at, and its alarms say what to do', async () => {
    const page = await open(demo, '/stages/stage/?id=5&attempt=0');
    await page.getByText('TypeError: Cannot read properties of undefined').first().waitFor();
    await page.getByRole('link', { name: /attempt 1/ }).click();
    await page.getByRole('heading', { name: 'Stage 5 (attempt 1)' }).waitFor();
    await page.goto(`${demo.url}/stages/stage/?id=${BIG_STAGE}`);
    await page.locator('.alarm-card').getByText('Salt it').waitFor();
    await page.close();
  });

  it('the graph shows stages, operations and what is cached; skipped stages are grey', async () => {
    const page = await open(demo, '/jobs/job/?id=4');
    await page.locator('.dag-stage.complete').waitFor();
    expect(await page.locator('.dag-stage.skipped').count()).toBe(1);
    expect(await page.locator('.dag-rdd.cached').count()).toBe(1);
    expect(await page.locator('.dag-edge.shuffle').count()).toBe(1);
    expect(await page.locator('.dag-scope').count()).toBe(4);
    await page.getByLabel('find in the graph').fill('reduceByKey');
    await page.waitForURL(/dag=reduceByKey/);
    expect(await page.locator('.dag-scope.lit').count()).toBe(1);
    await page.close();
  });

  it('an executor’s threads are shown, and its CPU as a flame graph that can be looked into', async () => {
    const page = await open(demo, '/executors/threadDump/?executorId=2');
    await page.getByText('revenueOf (/home/ann/report/src/revenue.ts:41:23)').first().waitFor();
    const again = asks(demo, page, 'threads?round=1');
    await page.getByRole('button', { name: 'Look again' }).click();
    await again;
    await page.getByRole('link', { name: 'CPU flame graph' }).click();
    const frames = page.locator('.flames .frame');
    await frames.filter({ hasText: 'parseLine (parse.ts:12)' }).click();
    await page.waitForURL(/frame=/);
    expect(await frames.first().textContent()).toBe('parseLine (parse.ts:12)');
    expect(await frames.count()).toBe(2);
    await page.getByRole('button', { name: 'show all' }).click();
    await page.locator('table[aria-label="functions by their own time"]').getByText('42 %').first().waitFor();
    const recorded = asks(demo, page, 'profile?seconds=5');
    await page.getByRole('button', { name: 'Record again' }).click();
    await recorded;
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(page.faults).toEqual([]);
    await page.close();
  });

  it('why executors are gone is said below them', async () => {
    const page = await open(demo, '/executors/?show=dead');
    await page.getByText('Executor heartbeat timed out after 125000 ms').waitFor();
    expect(await page.locator('[data-table=executors] tr[data-row]').count()).toBe(2);
    await page.close();
  });

  it('a kill asks first', async () => {
    const page = await open(demo, '/jobs/');
    await page.getByRole('button', { name: 'kill' }).click();
    await page.getByRole('button', { name: 'Keep it running' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(demo.requests.some((r) => r.startsWith('POST'))).toBe(false);
    await page.getByRole('button', { name: 'kill' }).click();
    const sent = page.waitForRequest((r) => r.method() === 'POST');
    await page.getByRole('button', { name: 'Kill', exact: true }).click();
    expect(new URL((await sent).url()).pathname).toBe('/jobs/job/kill/');
    await page.close();
  });

  it('a change at the server is asked for, without loading the page anew', async () => {
    const page = await open(demo, '/stages/');
    await page.locator('.live.live').waitFor();
    await page.evaluate('window.stays = 1');
    await page.locator('[data-table=completed] tr[data-row]').first().waitFor();
    const again = asks(demo, page, '/stages');
    demo.pulse();
    await again;
    expect(await page.evaluate('window.stays')).toBe(1);
    await page.close();
  });

  it('is dark when the system is, and light when one says so', async () => {
    const page = await open(demo, '/jobs/', { dark: true });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(await ground()).toBe('rgb(21, 19, 15)');
    await page.getByRole('button', { name: /theme/ }).click();
    expect(await ground()).toBe('rgb(250, 249, 247)');
    await page.reload();
    expect(await ground()).toBe('rgb(250, 249, 247)');
    await page.close();
  });

  it('can be used by keyboard alone', async () => {
    const page = await open(demo, '/jobs/');
    await page.locator('tr[data-row]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Job 2' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.getByRole('heading', { name: 'Environment' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
    await page.close();
  });

  it('fits a phone: nothing but tables and drawings is wider than the screen', async () => {
    for (const path of ['/jobs/', `/stages/stage/?id=${BIG_STAGE}`, '/executors/', '/environment/']) {
      const page = await open(demo, path, { width: 380 });
      await page.locator('table').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(380);
      await page.close();
    }
  });

  it('says what is wrong with an address', async () => {
    const page = await open(demo, '/stages/stage/?id=7&attempt=9');
    await page.getByText('Stage 7 has no attempt 9.').waitFor();
    await page.goto(`${demo.url}/jobs/job/?id=999`);
    await page.locator('.note.bad').waitFor();
    await page.close();
  });
});
