import { describe, expect, it } from 'vitest';
import { REDACTED, redacted } from '../../../src/common/redact.ts';

describe('redaction', () => {
  it.each([
    ['spark.my.password', 'x'],
    ['spark.hadoop.fs.s3a.access.key', 'x'],
    ['spark.accessKey', 'x'],
    ['spark.TOKEN', 'x'],
    ['spark.a', 'my secret'],
  ])('hides %s=%s', (key, value) => {
    expect(redacted(key, value)).toBe(REDACTED);
  });

  it('shows the rest', () => {
    expect(redacted('spark.executor.memory', '1g')).toBe('1g');
  });
});
