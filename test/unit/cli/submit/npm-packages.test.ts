import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { npmRegistry, npmSpecs, withPackages } from '../../../../src/cli/submit/npm-packages.ts';
import type { SubmitConfig } from '../../../../src/common/submit-config.ts';

describe('--packages', () => {
  it.each([
    ['lodash@4.17.21', ['lodash@4.17.21']],
    [' npm:@scope/x@^2 , lodash ', ['@scope/x@^2', 'lodash']],
    ['a@1.0.0,a@1.0.0,', ['a@1.0.0']],
    ['dep@file:./dep-1.0.0.tgz', ['dep@file:./dep-1.0.0.tgz']],
    ['', []],
  ])('%j names %j', (listed, specs) => {
    expect(npmSpecs(listed)).toEqual(specs);
  });

  it.each([
    ['org.apache.spark:spark-avro_2.13:4.0.1', 'is a Maven coordinate'],
    ['../elsewhere', 'expected npm packages'],
    ['--registry=http://x', 'expected npm packages'],
    ['git+ssh://host/x', 'expected npm packages'],
    ['a b', 'expected npm packages'],
    ['a@', 'expected npm packages'],
  ])('%j is refused: %s', (listed, sentence) => {
    expect(() => npmSpecs(listed)).toThrow(sentence);
  });
});

describe('--repositories', () => {
  it('is one http address', () => {
    expect(npmRegistry('https://npm.example.org/')).toBe('https://npm.example.org/');
    expect(npmRegistry(undefined)).toBeUndefined();
    expect(() => npmRegistry('https://a,https://b')).toThrow('npm asks one registry');
    expect(() => npmRegistry('/srv/repo')).toThrow('expected the http address');
  });
});

describe('Maven coordinates in a properties file', () => {
  let dataDir: string | undefined;
  afterEach(() => rmSync(dataDir!, { recursive: true, force: true }));

  it('are left out with a warning, and nothing is installed where nothing else is named', async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'el-packages-'));
    const warnings: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (text: string) => void warnings.push(text), named: () => log };
    const config = { conf: [['spark.jars.packages', 'org.example:x:1,org.example:y:2']] } as unknown as SubmitConfig;
    const made = await withPackages(config, { cwd: dataDir, env: { EMBERLOOM_DATA: dataDir }, logger: log, fromFile: true });
    expect(made).toBe(config);
    expect(warnings).toEqual([
      'spark.jars.packages: org.example:x:1,org.example:y:2 is ignored: Maven coordinates mean nothing without a JVM.',
    ]);
  });
});
