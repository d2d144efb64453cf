// The analysis against eslint-scope, on real packages: the free names of every function and class must be the same.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as eslintScope from 'eslint-scope';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/runtime/closure/analyze.ts';
import type { Node, Unit } from '../../../../src/runtime/closure/scope.ts';
import { parseModule } from '../../../../src/runtime/closure/transform.ts';
import type { SourceFormat } from '../../../../src/runtime/closure/walker.ts';

const packages = path.resolve(import.meta.dirname, '../../../../node_modules');

function sources(folder: string): string[] {
  const found = readdirSync(path.join(packages, folder), { recursive: true, encoding: 'utf8' });
  return found.filter((file) => /\.[cm]?js$/.test(file)).map((file) => path.join(packages, folder, file));
}

function parse(text: string): { ast: Node; format: SourceFormat } {
  if (/^\s*(import|export)\b/m.test(text)) {
    try {
      return { ast: parseModule(text, 'module'), format: 'module' };
    } catch {
      // a script that has the word at the start of a line
    }
  }
  return { ast: parseModule(text, 'commonjs'), format: 'commonjs' };
}

function oracleFreeNames(manager: any, unit: Unit): Set<string> | undefined {
  const scopes: any[] = manager.acquireAll(unit.node) ?? [];
  const named = scopes.findLast((scope) => scope.type === 'function-expression-name' || (unit.kind === 'class' && scope.type === 'class'));
  const outer = named ?? scopes[0];
  if (!outer) return undefined;
  const names = new Set<string>(outer.through.map((reference: any) => reference.identifier.name));
  names.delete('arguments');
  names.delete('undefined');
  return names;
}

function addRanges(node: any): void {
  if (!node || typeof node !== 'object') return;
  if (typeof node.start === 'number') node.range = [node.start, node.end];
  for (const key in node) if (key !== 'range') addRanges(node[key]);
}

describe('free names agree with eslint-scope', () => {
  test.each(['acorn/dist', 'magic-string/dist', 'msgpackr', 'eslint-scope/lib', 'ramda/src', 'yaml/dist', 'execa/lib', 'chalk/source'])(
    '%s',
    (folder) => {
      let units = 0;
      const differences: string[] = [];
      for (const file of sources(folder)) {
        const { ast, format } = parse(readFileSync(file, 'utf8'));
        addRanges(ast);
        const options = { ecmaVersion: 2024, sourceType: format, nodejsScope: format === 'commonjs' };
        const manager = eslintScope.analyze(ast, options as any);
        for (const unit of analyze(ast, format).units) {
          units++;
          const theirs = oracleFreeNames(manager, unit);
          const ours = new Set([...[...unit.free.keys()].map(({ name }) => name), ...unit.globals]);
          const agree = theirs !== undefined && ours.size === theirs.size && [...ours].every((name) => theirs.has(name));
          if (!agree) differences.push(`${file} ${unit.kind} ${unit.name} at ${unit.node.start}`);
        }
      }
      expect(differences).toEqual([]);
      expect(units).toBeGreaterThan(10);
    },
  );
});

function unitsOf(text: string): Record<string, Unit> {
  return Object.fromEntries(analyze(parseModule(text, 'module'), 'module').units.map((unit) => [unit.name, unit]));
}
const freeOf = (unit: Unit | undefined) => [...(unit?.free.keys() ?? [])].map(({ name }) => name);

test('an arrow borrows this and arguments, a function does not', () => {
  const { arrow, plain } = unitsOf(
    'function outer() { const arrow = () => this.x + arguments[0]; const plain = function () { return this; }; }',
  );
  expect([arrow?.usesThis, arrow?.usesArguments, plain?.usesThis]).toEqual([true, true, false]);
});

test('a variable assigned in a nested function is shared', () => {
  const { next } = unitsOf('function make() { let n = 0, k = 1; const next = () => ++n + k; }');
  expect([...(next?.free.keys() ?? [])].map(({ name, closureWritten }) => [name, closureWritten])).toEqual([
    ['n', true],
    ['k', false],
  ]);
});

test('parameters, catch bindings, class names and function names are not free', () => {
  const { f } = unitsOf(
    'const a = 1; const f = ({ b, c: [d = a] }, ...e) => { try { b(d, e); } catch ({ g }) { g(); } class H { static h = H; } };',
  );
  expect(freeOf(f)).toEqual(['a']);
});
