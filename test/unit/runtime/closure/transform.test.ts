// The driver's version of a module: the same lines, the same behaviour, and a text per unit for executors.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import '../../../../src/runtime/closure/driver-runtime.ts';
import { lowerTypeScript } from '../../../../src/runtime/closure/lower-typescript.ts';
import { definitionOf } from '../../../../src/runtime/closure/module-meta.ts';
import { parseModule, transform } from '../../../../src/runtime/closure/transform.ts';
import { formatsOf, isUserModule, toJavaScript } from '../../../../src/runtime/closure/user-module.ts';

const url = 'file:///app/job.mjs';
const codeOf = (source: string, format: 'module' | 'commonjs' = 'module') => transform(source, { url, format }).code;
const definitions = (source: string) => {
  const { meta } = transform(source, { url, format: 'module' });
  return meta.units.map((unit) => definitionOf(meta, unit));
};

test('lines never move', () => {
  const source = readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/closure/cases/legacy.cjs'), 'utf8');
  const code = codeOf(source, 'commonjs');
  expect(code.split('\n').length).toBe(source.split('\n').length);
  for (const [index, line] of source.split('\n').entries()) {
    const word = /[A-Za-z]{4,}/.exec(line)?.[0] ?? '';
    expect(code.split('\n')[index]).toContain(word);
  }
});

test('#! stays first, directives stay directives', () => {
  expect(codeOf('#!/usr/bin/env node\nconst f = () => 1;').split('\n')[0]).toBe('#!/usr/bin/env node');
  expect(codeOf("'use strict'\nexports.f = () => 1;", 'commonjs')).toMatch(/^'use strict';const\{c:/);
  expect(codeOf("// c\n'use strict';\nvar x;", 'commonjs').split('\n')[0]).toBe('// c');
});

test('a function without captured locals gets a comment only', () => {
  const code = codeOf('const k = 1;\nexport const f = (x) => x + k;');
  expect(code.split('\n')[1]).toMatch(/^export const f = \(\/\*#sp[\w-]+\.0\*\/x\) => x \+ k;$/);
});

test('injected names avoid the names of the source', () => {
  expect(codeOf('const __sc = 1;')).toContain('import{c as __s$c');
});

test('"use executor" is recognised', () => {
  expect(transform("'use executor';\nexport const pool = 1;", { url, format: 'module' }).meta.byReference).toBe(true);
});

describe('texts for executors', () => {
  test('a shared variable becomes a cell', () => {
    const [, next] = definitions('function f() { let n = 0; const g = () => { n++; return { n }; }; }');
    expect(next?.text).toBe('() => { n.$++; return { n:n.$ }; }');
  });

  test('statics are blanked, constructors guarded, columns kept', () => {
    const [point] = definitions('class P extends Q { static a = run(); constructor(x) { super(); } }');
    expect(point?.text).toContain('class P extends $super {');
    expect(point?.text).not.toContain('run()');
    expect(point?.text).toContain('if($rev.on){super(...$rev.args);return}');
  });

  test('import.meta and import() become names of the same length', () => {
    const [f] = definitions('const f = () => import.meta.url + import("x");');
    expect(f?.text).toBe('() => $importMeta.url + $dynim("x");'.slice(0, -1));
  });
});

test('every text of real packages compiles', () => {
  const root = path.resolve(import.meta.dirname, '../../../../node_modules');
  for (const file of ['acorn/dist/acorn.js', 'ramda/src/curryN.js', 'lodash/lodash.js', 'magic-string/dist/magic-string.cjs.js']) {
    let source: string;
    try {
      source = readFileSync(path.join(root, file), 'utf8');
    } catch {
      continue; // a package may lay out its files another way
    }
    const { code, meta } = transform(source, { url: `file:///${file}`, format: 'commonjs' });
    new vm.Script(`(function(exports,require,module){${code}\n})`);
    for (const unit of meta.units) {
      const { text, kind } = definitionOf(meta, unit);
      new vm.Script(kind === 'method' ? `({${text}\n})` : `(${text}\n)`);
    }
  }
});

describe('TypeScript that can not be erased', () => {
  const lower = (source: string) =>
    lowerTypeScript(source, 'app.ts', parseSync('app.ts', source, { lang: 'ts', sourceType: 'module', preserveParens: true }).program);

  test('enum, namespace and parameter properties keep their lines', () => {
    const source =
      'enum Color {\n  Red,\n  Green = 5,\n  Blue,\n}\nnamespace Geo {\n  export const R = 6371;\n}\nclass P {\n  constructor(private k: number) {}\n}\n[Color.Blue, Color[5], Geo.R, new P(3).k];';
    const code = toJavaScript(source, 'file:///app.ts');
    expect(code.split('\n').length).toBe(source.split('\n').length);
    expect(vm.runInNewContext(code)).toEqual([6, 'Green', 6371, 3]);
  });

  test.each([
    ['export = 1;', /^app\.ts:1: `export = 1;` is not supported; use import\/export of ES modules$/],
    ['\nimport fs = require("fs");', /^app\.ts:2: .* is not supported/],
    ['namespace A.B { export const x = 1; }', /dotted and string-named namespaces are not supported/],
    ['namespace A { export let x = 1; }', /`export let` in a namespace is not supported; use const/],
  ])('%s', (source, message) => {
    expect(() => lower(source)).toThrow(message);
  });
});

describe('which modules are the user’s', () => {
  const rules = { engineDir: 'file:///opt/emberloom/', packages: ['ramda', '@me/lib'], exclude: ['**/generated/**'] };
  test.each([
    ['file:///app/job.ts', true],
    ['file:///opt/emberloom/dist/runtime.cjs', false],
    ['file:///app/node_modules/lodash/x.js', false],
    ['file:///app/node_modules/ramda/src/map.js', true],
    ['file:///app/node_modules/@me/lib/x.js', true],
    ['file:///app/node_modules/@me/lib/node_modules/other/x.js', false],
    ['file:///app/generated/x.js', false],
    ['node:fs', false],
  ])('%s: %s', (file, expected) => {
    expect(isUserModule(file, rules)).toBe(expected);
  });

  test('formats', () => {
    expect(formatsOf('file:///a.js', undefined)).toEqual({ formats: ['commonjs', 'module'], typescript: false });
    expect(formatsOf('file:///a.mts', 'module-typescript')).toEqual({ formats: ['module'], typescript: true });
    expect(formatsOf('file:///a.json', 'json')).toBeUndefined();
  });
});

test('a syntax error is acorn’s, with its place', () => {
  expect(() => parseModule('const = 1', 'module')).toThrow(SyntaxError);
});
