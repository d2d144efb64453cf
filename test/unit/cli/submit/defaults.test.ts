import { describe, expect, it } from 'vitest';
import { buildConf } from '../../../../src/cli/submit/build-conf.ts';
import { addProperties, completeBuiltIns, completeFields, dropForeignProperties } from '../../../../src/cli/submit/defaults.ts';
import { parseArguments } from '../../../../src/cli/submit/parse-arguments.ts';

type Layers = { argv?: string[]; file?: Record<string, string>; defaults?: Record<string, string>; env?: Record<string, string> };
function confOf({ argv = [], file = {}, defaults = {}, env = {} }: Layers): Record<string, string> {
  const args = parseArguments(['--master', 'yarn', ...argv, 'app.ts']);
  addProperties(args, Object.entries(file));
  addProperties(args, Object.entries(defaults));
  dropForeignProperties(args);
  completeFields(args, env);
  completeBuiltIns(args, env);
  return Object.fromEntries(buildConf(args, [], [], 7).entries);
}

const KEY = 'spark.executor.memory';

describe('precedence of settings', () => {
  const all: Layers = { file: { [KEY]: '3g' }, defaults: { [KEY]: '4g' }, env: { SPARK_EXECUTOR_MEMORY: '5g' } };
  it.each([
    ['the flag over --conf', { ...all, argv: ['--executor-memory', '1g', '--conf', `${KEY}=2g`] }, '1g'],
    ['--conf over the properties file', { ...all, argv: ['--conf', `${KEY}=2g`] }, '2g'],
    ['the properties file over spark-defaults.conf', all, '3g'],
    ['spark-defaults.conf over the environment', { defaults: all.defaults!, env: all.env! }, '4g'],
    ['the environment over the built-in default', { env: all.env! }, '5g'],
    ['nothing said, nothing set', {}, undefined],
  ])('%s', (_, layers, expected) => {
    expect(confOf(layers as Layers)[KEY]).toBe(expected);
  });

  it('MASTER and DEPLOY_MODE are the last to be asked; the name is the file name', () => {
    const args = parseArguments(['/a/b/app.ts']);
    completeFields(args, { MASTER: 'yarn', DEPLOY_MODE: 'cluster' });
    completeBuiltIns(args, {});
    expect(args.fields).toMatchObject({ master: 'yarn', deployMode: 'cluster', name: 'app.ts' });
  });

  it('an empty variable is none, and the master is local[*] then', () => {
    const args = parseArguments(['app.ts']);
    completeFields(args, { MASTER: '' });
    completeBuiltIns(args, {});
    expect(args.fields.master).toBe('local[*]');
  });

  it('SPARK_YARN_APP_NAME names only applications on yarn', () => {
    expect(confOf({ env: { SPARK_YARN_APP_NAME: 'nightly' } })['spark.app.name']).toBe('nightly');
  });

  it("drops settings that are not Spark's and says which", () => {
    const args = parseArguments(['--conf', 'foo.bar=1', '--conf', 'spark.a=1', 'app.ts']);
    expect(dropForeignProperties(args)).toEqual(['foo.bar']);
    expect([...args.properties.keys()]).toEqual(['spark.a']);
  });
});

describe('the final settings', () => {
  it('say master, mode, name and time, and the flags by their keys', () => {
    expect(
      confOf({ argv: ['--num-executors', '3', '--executor-cores=2', '--queue', 'etl', '--deploy-mode', 'cluster', '--driver-cores', '2'] }),
    ).toEqual({
      'spark.app.name': 'app.ts',
      'spark.app.submitTime': '7',
      'spark.master': 'yarn',
      'spark.submit.deployMode': 'cluster',
      'spark.executor.instances': '3',
      'spark.executor.cores': '2',
      'spark.yarn.queue': 'etl',
      'spark.driver.cores': '2',
    });
  });

  it('local masters leave the flags of a cluster out, as Spark does', () => {
    expect(confOf({ argv: ['--master', 'local[2]', '--queue', 'etl', '--executor-memory', '1g', '--driver-memory', '2g'] })).toEqual({
      'spark.app.name': 'app.ts',
      'spark.app.submitTime': '7',
      'spark.master': 'local[2]',
      'spark.submit.deployMode': 'client',
      'spark.driver.memory': '2g',
    });
  });

  it('takes -Dspark.x=y of the JVM options, below everything else, and warns of the rest', () => {
    const args = parseArguments(['--driver-java-options', '-Dspark.a=1 -Dspark.b=2 -Xmx3g', '--conf', 'spark.b=3', 'app.ts']);
    completeFields(args, {});
    completeBuiltIns(args, {});
    const { entries, warnings } = buildConf(args, [], [], 0);
    expect(Object.fromEntries(entries)).toMatchObject({ 'spark.a': '1', 'spark.b': '3' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('-Xmx3g is ignored');
  });

  it('ignores jars from spark-defaults.conf with a warning', () => {
    const args = parseArguments(['app.ts']);
    addProperties(args, [['spark.jars', '/x.jar']]);
    completeFields(args, {});
    completeBuiltIns(args, {});
    const { entries, warnings } = buildConf(args, [], [], 0);
    expect(Object.fromEntries(entries)).not.toHaveProperty('spark.jars');
    expect(warnings[0]).toMatch(/^spark\.jars=\/x\.jar is ignored: no JVM/);
  });
});
