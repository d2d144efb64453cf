import { describe, expect, it } from 'vitest';
import type { SparkContext } from '../../../src/runtime/driver/service/spark-context.ts';
import { SparkConf } from '../../../src/runtime/driver/service/spark-conf.ts';
import { RuntimeConfig } from '../../../src/runtime/runtime-config.ts';

const context = { getConf: () => new SparkConf(false).set('spark.app.name', 'told') } as unknown as SparkContext;

describe('spark.conf', () => {
  it('has what was set, else what the program says, else the default of SQL', () => {
    const conf = new RuntimeConfig(context);
    expect([conf.get('spark.app.name'), conf.get('spark.sql.shuffle.partitions'), conf.get('spark.sql.shuffle.partitions', '7')]).toEqual([
      'told',
      '200',
      '7',
    ]);
    conf.set('spark.sql.shuffle.partitions', 3);
    expect(conf.getAll()).toEqual({ 'spark.app.name': 'told', 'spark.sql.shuffle.partitions': '3' });
    conf.unset('spark.sql.shuffle.partitions');
    expect(conf.get('spark.sql.shuffle.partitions')).toBe('200');
  });

  it('refuses what there is not, and values that are none', () => {
    const conf = new RuntimeConfig(context);
    expect(() => conf.get('zzz')).toThrow('[SQL_CONF_NOT_FOUND] The SQL config "zzz" cannot be found.');
    expect(() => conf.set('a', undefined as unknown as string)).toThrow('[NOT_STR]');
  });
});
