// Debian's chromium for the tests of the pages: found, or a clear word why they don't run. No download, no profile left behind, no call home.
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CANDIDATES = [process.env['EMBERLOOM_TEST_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const CHROMIUM: string | undefined = CANDIDATES.find((path): path is string => {
  try {
    accessSync(path ?? '', constants.X_OK);
    return path !== undefined;
  } catch {
    return false;
  }
});
export const NO_CHROMIUM = 'no chromium on this machine: apt-get install chromium, or set EMBERLOOM_TEST_CHROMIUM';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM ?? NO_CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });

/** A page that counts what must never happen: errors in the console, requests that leave the origin. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { dark?: boolean; width?: number } = {},
): Promise<Page & { readonly faults: string[] }> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
  });
  // Below the tests' own limit, so that a failure names the step that never came.
  page.setDefaultTimeout(25_000);
  const faults: string[] = [];
  const origin = new URL(url).origin;
  page.on('console', (m) => m.type() === 'error' && faults.push(`console: ${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on(
    'request',
    (r) => new URL(r.url()).origin !== origin && !r.url().startsWith('data:') && faults.push(`left the origin: ${r.url()}`),
  );
  await page.goto(url);
  return Object.assign(page, { faults });
}
