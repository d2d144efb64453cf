// The loader in whole programs: the engine as one bundled CommonJS file and as plain sources, scripts that lie somewhere else, both module
// kinds, the cache. Each program is a process of its own, since hooks can't be taken off again.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const node = path.join(root, 'node_modules/node/bin/node');
const entry = path.join(root, 'test/fixtures/closure/engine-entry.ts');
let folder = '';
let bundle = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'emberloom-loader-'));
  bundle = path.join(folder, 'engine/dist/runtime.cjs');
  // the engine's dependencies lie beside it, the user's scripts have none
  mkdirSync(path.join(folder, 'engine'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'engine/node_modules'));
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['msgpackr'],
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `script` (its files written to a folder of its own) after installing the loader of `engine`. */
function run(name: string, engine: string, files: Record<string, string>, options: object = {}): string {
  const app = path.join(folder, name);
  mkdirSync(app, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(app, file), text);
  const main = path.join(app, Object.keys(files)[0] as string);
  const engineUrl = pathToFileURL(engine).href;
  const engineDir = engine === bundle ? pathToFileURL(`${path.join(folder, 'engine')}/`).href : pathToFileURL(`${root}/`).href;
  const start = `
    import { createRequire } from 'node:module';
    const engine = ${engine === bundle ? `createRequire('file:///')(${JSON.stringify(engine)})` : `await import(${JSON.stringify(engineUrl)})`};
    engine.installLoader(${JSON.stringify({ engineUrl, engineDir, ...options })});
    engine.installLoader({});
    process.argv[1] = ${JSON.stringify(main)};
    await import(${JSON.stringify(pathToFileURL(main).href)});`;
  const flags = ['--input-type=module', '-e', start];
  return execFileSync(node, flags, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    stdio: 'pipe',
    timeout: 20_000,
  }).trim();
}

const PROGRAM = `
  import { ship, TaskContext } from 'emberloom';
  import { scale } from './scale.ts';
  const local: number = 2;
  const make = (k: number) => (x: number) => scale(x) * k + local;
  console.log(await ship(make(10), 3), await ship(() => TaskContext.get()), TaskContext.get());`;
const SCALE = 'let calls = 0; export const scale = (x: number): number => x * ++calls;';

describe.each([
  ['bundled into one CommonJS file', () => bundle],
  ['as plain sources', () => entry],
] as const)('the engine %s', (kind, engineOf) => {
  const name = (suffix: string) => `${kind.split(' ')[0]}-${suffix}`;

  // no package.json beside it says "type": Node looks into the file to find out, and has no notion of such syntax
  test('enums, namespaces and parameter properties in a .ts file without a package.json', () => {
    const program = `
      import { ship } from 'emberloom';
      enum Color { Red, Green = 5 }
      namespace Geo { export const k = 10; }
      class Point { constructor(private x: number) {} get twice() { return this.x * 2; } }
      const point = new Point(4);
      console.log(await ship((i: number) => Color[i] + Geo.k + point.twice, 5));`;
    expect(run(name('enum'), engineOf(), { 'job.ts': program })).toBe('Green108');
  });

  test('an ES module in TypeScript, somewhere else', () => {
    expect(run(name('esm'), engineOf(), { 'job.ts': PROGRAM, 'scale.ts': SCALE })).toBe('32 executor driver');
  });

  test('CommonJS: require("emberloom") and a required module', () => {
    const job = `const { ship, TaskContext } = require('emberloom');
      const { scale } = require('./scale.cjs');
      const make = (k) => (x) => scale(x) * k;
      ship(make(10), 3).then(async (got) => console.log(got, await ship(() => TaskContext.get()), await ship(() => require('emberloom').TaskContext.get())));`;
    expect(run(name('cjs'), engineOf(), { 'job.cjs': job, 'scale.cjs': 'const k = 2; exports.scale = (x) => x * k;' })).toBe(
      '60 executor executor',
    );
  });

  test('packages and built-ins are imported from the application’s folder, also by import() inside a function', () => {
    const job = `import { ship } from 'emberloom';
      import { camelCase } from 'lodash-es';
      import { posix } from 'node:path';
      const lazy = async (text: string) => (await import('lodash-es')).kebabCase(text) + (await import('node:os')).EOL.length;
      console.log(await ship((text: string) => camelCase(text) + posix.basename('/a/b'), 'x y'), await ship(lazy, 'x y'));`;
    mkdirSync(path.join(folder, name('packages')), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, name('packages'), 'node_modules'));
    expect(run(name('packages'), engineOf(), { 'job.ts': job })).toBe('xYb x-y1');
  });

  test('enums, namespaces, parameter properties', () => {
    const job = `import { ship } from 'emberloom';
      enum Unit { Km = 1000, M = 1 }
      class Scale { constructor(readonly unit: Unit) {} of(x: number) { return x * this.unit; } }
      const scale = new Scale(Unit.Km);
      console.log(await ship((x: number) => scale.of(x), 2));`;
    expect(run(name('enum'), engineOf(), { 'job.mts': job })).toBe('2000');
  });
});

test('a second run takes the transform from the cache', () => {
  const cacheDir = path.join(folder, 'cache');
  const files = { 'job.ts': PROGRAM, 'scale.ts': SCALE };
  run('cached', bundle, files, { cacheDir });
  const entries = readdirSync(cacheDir);
  expect(entries.length).toBe(2);
  for (const entryName of entries) expect(entryName).toMatch(/^[\w-]{43}\.json$/);
  expect(run('cached', bundle, files, { cacheDir })).toBe('32 executor driver');
  writeFileSync(path.join(cacheDir, entries[0] as string), '{"code":'); // half a file is no file
  expect(run('cached', bundle, files, { cacheDir })).toBe('32 executor driver');
});

test('an excluded file is left alone, and says so when it is shipped', () => {
  const job = `import { ship } from 'emberloom';
    import { f } from './plain.mjs';
    try { await ship(f); } catch (error) { console.log(error.message.split('\\n')[0]); }
    console.log(String(f));`;
  const output = run('excluded', bundle, { 'job.mjs': job, 'plain.mjs': 'export const f = () => 1;' }, { exclude: ['**/plain.mjs'] });
  expect(output).toMatch(
    /the function comes from code that was not loaded by Spark's loader \(.*plain\.mjs:1\): start the program with spark-submit/,
  );
  expect(output.endsWith('() => 1')).toBe(true);
});

test('decorators are refused with the line', () => {
  const job = 'const k = 1;\nfunction log(x) { return x; }\nclass A {\n  @log f() {}\n}';
  expect(() => run('decorated', bundle, { 'job.mjs': job })).toThrow(
    /decorated\/job\.mjs:4: decorators are not JavaScript yet: compile this file first/,
  );
});

test('a CommonJS module that is loaded twice keeps two sets of variables', () => {
  const job = `const { ship } = require('emberloom');
    const first = require('./state.cjs');
    delete require.cache[require.resolve('./state.cjs')];
    const second = require('./state.cjs');
    first.set('a'); second.set('b');
    ship(first.get).then(async (got) => console.log(got, await ship(second.get)));`;
  const state = 'let v; exports.set = (x) => { v = x; }; exports.get = () => v;';
  expect(run('twice', bundle, { 'job.cjs': job, 'state.cjs': state })).toBe('a b');
});

describe('functions made by packages', () => {
  const job = `import { ship } from 'emberloom';
    import * as R from 'ramda';
    import _ from 'lodash-es';
    const k = 2;
    const makers = {
      pipe: [R.pipe((x) => x + 1, (x) => x * k), 3], compose: [R.compose(Math.abs, (x) => x - 10), 3], curry: [R.curry((a, b) => a * b + k)(5), 3],
      partial: [_.partial((a, b) => a * b * k, 4), 3], memoize: [_.memoize((x) => x * k), 3], flow: [_.flow((x) => x + k, String), 3],
    };
    for (const [name, [fn, x]] of Object.entries(makers)) {
      let got;
      try { got = (await ship(fn, x)) === fn(x) ? 'same' : 'differs'; } catch (error) { got = /was made inside the package (\\S+) .*add \\1 to spark.closure.packages/.test(error.message) ? 'refused' : error.stack; }
      console.log(name, got);
    }`;
  const runWith = (name: string, packages: string[]) => {
    mkdirSync(path.join(folder, name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, name, 'node_modules'));
    return run(name, bundle, { 'job.mjs': job }, { packages });
  };

  test('are sent by value when the package is listed', () => {
    const want = ['pipe same', 'compose same', 'curry same', 'partial same', 'memoize same', 'flow same'];
    expect(runWith('listed', ['ramda', 'lodash-es']).split('\n')).toEqual(want);
  });

  test('are refused with the package’s name when it is not', () => {
    const want = ['pipe refused', 'compose refused', 'curry refused', 'partial refused', 'memoize refused', 'flow refused'];
    expect(runWith('unlisted', []).split('\n')).toEqual(want);
  });
});
