import { describe, expect, it } from 'vitest';
import { completeBuiltIns, completeFields } from '../../../../src/cli/submit/defaults.ts';
import { parseArguments } from '../../../../src/cli/submit/parse-arguments.ts';
import { validateSubmit } from '../../../../src/cli/submit/validate.ts';

function validate(...argv: string[]): void {
  const args = parseArguments(argv);
  completeFields(args, {});
  completeBuiltIns(args, {});
  validateSubmit(args);
}

describe('a submit that can not be meant', () => {
  it.each([
    [['--master', 'yarn'], 'Must specify a primary resource'],
    [['--executor-memory', '0', 'a.ts'], 'Executor memory must be a positive number'],
    [['--executor-memory', '12x', 'a.ts'], 'Executor memory must be a positive number'],
    [['--executor-memory', '', 'a.ts'], 'Executor memory must be a positive number'],
    [['--conf', 'spark.driver.memory=-1g', 'a.ts'], 'Driver memory must be a positive number'],
    [['--executor-cores', '0', 'a.ts'], 'Executor cores must be a positive number'],
    [['--executor-cores', '1.5', 'a.ts'], 'Executor cores must be a positive number'],
    [['--driver-memory', '99999999999999999999g', 'a.ts'], 'Driver memory must be a positive number'],
    [['--driver-memory', '8m', 'a.ts'], 'Driver memory 8m is too small'],
    [['--driver-cores', 'x', 'a.ts'], 'Driver cores must be a positive number'],
    [['--total-executor-cores', '0', 'a.ts'], 'Total executor cores must be a positive number'],
    [['--num-executors', '0', 'a.ts'], 'Number of executors must be a positive number'],
    [['--num-executors', '-1', '--conf', 'spark.dynamicAllocation.enabled=true', 'a.ts'], 'Number of executors must be a positive number'],
    [['--proxy-user', 'a', '--principal', 'b', 'a.ts'], 'Only one of --proxy-user or --principal can be provided.'],
    [['--remote', 'sc://x', '--master', 'yarn', 'a.ts'], 'Remote cannot be specified with master and/or deploy mode.'],
    [['--master', 'foo', 'a.ts'], 'Master must either be yarn or start with spark, k8s, or local'],
    [['--master', 'yran', 'a.ts'], 'Did you mean yarn?'],
    [['--master', 'local[x]', 'a.ts'], "Could not parse Master URL: 'local[x]'"],
    [['--master', 'local[0]', 'a.ts'], 'local[0]'],
    [['--master', 'k8s://h', 'a.ts'], '--master k8s://h is not supported'],
    [['--master', 'spark://h:7077', 'a.ts'], '--master spark://h:7077 is not supported'],
    [['--deploy-mode', 'x', 'a.ts'], '--deploy-mode must be either "client" or "cluster"'],
    [['--deploy-mode', 'cluster', 'a.ts'], 'Cluster deploy mode is not compatible with master "local"'],
    [['--jars', 'x.jar', 'a.ts'], '--jars is not supported'],
    [['--exclude-packages', 'g:a', 'a.ts'], '--exclude-packages is not supported'],
    [['--keytab', 'x', 'a.ts'], '--keytab is not supported'],
    [['--remote', 'sc://x', 'a.ts'], '--remote is not supported'],
    [['--py-files', 'a.ts,b.py', 'a.ts'], 'b.py is no JavaScript'],
  ])('%j', (argv, sentence) => {
    expect(() => validate(...argv)).toThrow(sentence);
  });

  it.each([
    [['--master', 'local', 'a.ts']],
    [['--master', 'local[*,3]', 'a.ts']],
    [['--master', 'local-cluster[2,1,1024]', 'a.ts']],
    [['--master', 'emberloom', '--deploy-mode', 'cluster', 'a.ts']],
    [['--executor-memory', '512', 'a.ts']],
    [['--executor-memory', '2gb', 'a.ts']],
    [['--py-files', 'a.mts,b.zip#c', 'a.ts']],
    [['--supervise', 'a.ts']],
  ])('but this is fine: %j', (argv) => {
    expect(() => validate(...argv)).not.toThrow();
  });
});
