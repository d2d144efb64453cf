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

  // Values and outcomes are Spark 4.0.1's; the conditions are 4.2's.
  it.each<[string, string, string]>([
    [
      'spark.sql.shuffle.partitions',
      'abc',
      "[INVALID_CONF_VALUE.TYPE_MISMATCH] The value 'abc' in the config \"spark.sql.shuffle.partitions\" is invalid. It should be a/an 'int' value. SQLSTATE: 22022",
    ],
    ['spark.sql.shuffle.partitions', '99999999999', '[INVALID_CONF_VALUE.TYPE_MISMATCH]'],
    ['spark.sql.shuffle.partitions', '0', '[INVALID_CONF_VALUE.REQUIREMENT]'],
    ['spark.sql.ansi.enabled', 'maybe', "'boolean'"],
    ['spark.sql.adaptive.skewJoin.skewedPartitionFactor', 'abc', "'double'"],
    ['spark.sql.autoBroadcastJoinThreshold', '10x', 'Size must be specified as bytes'],
    ['spark.sql.files.maxPartitionBytes', '1.5m', 'Size must be specified as bytes'],
    ['spark.sql.sources.partitionOverwriteMode', 'bad', "[INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS] The value 'bad' in the config"],
    ['spark.sql.session.timeZone', 'Nowhere/X', '[INVALID_CONF_VALUE.TIME_ZONE]'],
    ['spark.sql.warehouse.dir', '/x', '[CANNOT_MODIFY_STATIC_CONFIG]'],
    ['spark.executor.memory', '1g', '[CANNOT_MODIFY_CONFIG]'],
  ])('refuses %s = %s', (name, value, message) => {
    expect(() => new RuntimeConfig(context).set(name, value)).toThrow(message);
  });

  it.each<[string, string | number | boolean]>([
    ['spark.sql.autoBroadcastJoinThreshold', -1],
    ['spark.sql.autoBroadcastJoinThreshold', '10MB'],
    ['spark.sql.caseSensitive', ' true '],
    ['spark.sql.ansi.enabled', false],
    ['spark.sql.session.timeZone', '+02:00'],
    ['spark.sql.storeAssignmentPolicy', 'ansi'],
    ['spark.sql.my', 'x'],
    ['my.own', 'x'],
  ])('takes %s = %s', (name, value) => {
    const conf = new RuntimeConfig(context);
    conf.set(name, value);
    expect(conf.get(name)).toBe(String(value));
  });

  it('knows what can be modified', () => {
    const conf = new RuntimeConfig(context);
    const names = ['spark.sql.shuffle.partitions', 'spark.sql.warehouse.dir', 'spark.executor.memory', 'spark.sql.my', 'my.own'];
    expect(names.filter((name) => conf.isModifiable(name))).toEqual(['spark.sql.shuffle.partitions']);
    expect(() => conf.unset('spark.sql.warehouse.dir')).toThrow('[CANNOT_MODIFY_STATIC_CONFIG]');
  });
});
