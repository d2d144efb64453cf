import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/common/errors.ts';
import { decodeSubmitConfig, encodeSubmitConfig, type SubmitConfig } from '../../../src/common/submit-config.ts';

const config: SubmitConfig = {
  master: 'yarn',
  deployMode: 'cluster',
  name: 'a',
  primaryResource: '/x/a.ts',
  args: ['1', 'ü "q"'],
  conf: [['spark.app.name', 'a']],
  files: [],
  archives: ['/x/b.zip#b'],
  appDir: '/x',
  user: 'u',
  verbose: false,
  home: '/opt/emberloom',
};

describe('the submit configuration', () => {
  it('survives the way to the container', () => {
    expect(decodeSubmitConfig(encodeSubmitConfig(config))).toEqual(config);
  });

  it.each([
    ['no JSON', '{'],
    ['not an object', '[]'],
    ['a pair that is none', JSON.stringify({ ...config, conf: [['a']] })],
    ['a mode there is not', JSON.stringify({ ...config, deployMode: 'x' })],
  ])('is refused: %s', (_, json) => {
    expect(() => decodeSubmitConfig(json)).toThrow(AppError);
  });
});
