// Every semantic case runs in a driver under the loader and in another process that has none of the user's modules, without code generation
// from strings. Spawned, because vitest loads modules its own way and not through Node's hooks. The cases:
// test/fixtures/closure/cases/all.ts.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const engineUrl = pathToFileURL(path.join(root, 'test/fixtures/closure/engine-stub.ts')).href;
const env = { ...process.env, NODE_OPTIONS: '', EMBERLOOM_ENGINE_DIR: pathToFileURL(`${root}/src/`).href, EMBERLOOM_ENGINE_URL: engineUrl };
const loader = ['--disable-warning=ExperimentalWarning', '--import', './src/runtime/closure/register.ts', 'test/fixtures/closure/run.ts'];

function runCases(file: string): { name: string; ok: boolean; error?: string }[] {
  const node = path.join(root, 'node_modules/node/bin/node');
  const output = execFileSync(node, [...loader, file], { cwd: root, encoding: 'utf8', timeout: 60_000, env });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.each([
  ['user functions give the same answers on an executor', 'all', 65],
  ['capture and rebuild as the engine calls them', 'engine', 15],
])('%s', (_title, file, count) => {
  const results = runCases(file);

  test.each(results)('$name', ({ ok, error }) => {
    expect(error).toBeUndefined();
    expect(ok).toBe(true);
  });

  test('all cases ran', () => {
    expect(results.length).toBeGreaterThanOrEqual(count);
  });
});
