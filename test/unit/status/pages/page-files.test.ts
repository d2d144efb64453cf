import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PageFiles } from '../../../../src/status/pages/page-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
writeFileSync(join(folder, 'index.html'), '<script src="%UP%ui/assets/main-A.js"></script>');
writeFileSync(join(folder, 'main-A.js'), 'x');
writeFileSync(join(folder, 'icon-A.svg'), '<svg/>');
afterAll(() => rmSync(folder, { recursive: true }));
const driver = new PageFiles(folder, 'driver');
const history = new PageFiles(folder, 'history');
const html = (files: PageFiles, path: string): string | undefined => {
  const answer = files.answer(path);
  return answer?.tag === 'file' ? answer.body.toString() : answer && `→ ${answer.location}`;
};

describe('the driver', () => {
  it.each([
    ['/', '→ ./jobs/'],
    ['/jobs/', '<script src="../ui/assets/main-A.js"></script>'],
    ['/jobs', '<script src="./ui/assets/main-A.js"></script>'],
    ['/stages/stage/', '<script src="../../ui/assets/main-A.js"></script>'],
    ['/stages/stage', '<script src="../ui/assets/main-A.js"></script>'],
    ['/ui/assets/main-A.js', 'x'],
    ['/ui/assets/../index.html', undefined],
    ['/ui/assets/index.html', undefined],
    ['/other/jobs/', undefined],
    ['/history/app-1/jobs/', undefined],
    ['/compare/', undefined],
    ['/api/v1/applications', undefined],
  ])('%s', (path, answer) => expect(html(driver, path)).toBe(answer));
});

describe('the history server', () => {
  it.each([
    ['/', '<script src="./ui/assets/main-A.js"></script>'],
    ['/compare/', '<script src="../ui/assets/main-A.js"></script>'],
    ['/history/app-1', '→ ./app-1/jobs/'],
    ['/history/app-1/2/', '→ ./jobs/'],
    ['/history/app-1/2/jobs/job/', '<script src="../../../../../ui/assets/main-A.js"></script>'],
    ['/history/app-1/nothing/', undefined],
    ['/jobs/', undefined],
    ['/x/history/app-1/jobs/', undefined],
  ])('%s', (path, answer) => expect(html(history, path)).toBe(answer));
});

it('names with a hash are kept for ever, the page itself never', () => {
  const caching = (path: string) => {
    const answer = driver.answer(path);
    return answer?.tag === 'file' && answer.cacheControl;
  };
  expect(caching('/ui/assets/main-A.js')).toMatch(/immutable/);
  expect(caching('/jobs/')).toBe('no-cache');
});
