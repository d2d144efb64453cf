import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildConf } from '../../../../src/cli/submit/build-conf.ts';
import { addProperties, completeBuiltIns, completeFields } from '../../../../src/cli/submit/defaults.ts';
import { helpText, versionText } from '../../../../src/cli/submit/help.ts';
import { OPTIONS } from '../../../../src/cli/submit/options.ts';
import { parseArguments } from '../../../../src/cli/submit/parse-arguments.ts';
import { addingDefault, parsedArguments, preparedEnvironment, usingPropertiesFile } from '../../../../src/cli/submit/verbose.ts';

const golden = readFileSync(new URL('../../../fixtures/golden/submit-verbose-arguments.txt', import.meta.url), 'utf8');
const defaults = [
  ['spark.eventLog.enabled', 'true'],
  ['spark.my.password', 'hunter2'],
  ['spark.eventLog.dir', '/opt/example/events'],
  ['spark.eventLog.compress', 'false'],
  ['spark.eventLog.rolling.enabled', 'false'],
] as const;

function example() {
  const args = parseArguments([
    '--master',
    'local[2]',
    '--executor-memory',
    '1g',
    '--py-files',
    'file:/opt/example/exit3.py',
    '--name',
    'vv',
    '-v',
    '--conf',
    'spark.x.y=1',
    'ok.py',
    'a1',
    'b c',
  ]);
  addProperties(args, defaults);
  completeFields(args, {});
  completeBuiltIns(args, {});
  return args;
}

describe('--verbose', () => {
  it('prints the arguments as Spark does, to the letter', () => {
    const text =
      usingPropertiesFile('/opt/example/conf/spark-defaults.conf') +
      defaults.map(([k, v]) => addingDefault(k, v)).join('') +
      parsedArguments(example(), 'file:/opt/example/ok.py');
    expect(text).toBe(golden);
  });

  it('prints what will run, settings sorted, secrets hidden', () => {
    const { entries } = buildConf(example(), ['/opt/example/exit3.py'], [], 1795351722156);
    const config = {
      master: 'local[2]',
      deployMode: 'client' as const,
      name: 'vv',
      primaryResource: '/opt/example/ok.py',
      args: ['a1', 'b c'],
      conf: entries,
      files: [],
      archives: [],
      appDir: '/opt/example',
      user: 'u',
      verbose: true,
      home: '/h',
    };
    expect(preparedEnvironment(config, 'emberloom.runUserProgram')).toBe(`Main class:
emberloom.runUserProgram
Arguments:
/opt/example/ok.py
a1
b c
Spark config:
(spark.app.name,vv)
(spark.app.submitTime,1795351722156)
(spark.eventLog.compress,false)
(spark.eventLog.dir,/opt/example/events)
(spark.eventLog.enabled,true)
(spark.eventLog.rolling.enabled,false)
(spark.files,/opt/example/exit3.py)
(spark.master,local[2])
(spark.my.password,*********(redacted))
(spark.submit.deployMode,client)
(spark.x.y,1)
Classpath elements:



`);
  });
});

describe('--version and --help', () => {
  it('says a version that Livy takes: the first `version x.y.z`, x ≥ 3', () => {
    const [, version] = /version (.*)/.exec(versionText('0.1.0', '24.21.0')) ?? [];
    expect(version).toMatch(/^[3-9]\.\d+\.\d+$/);
  });

  it('names every option, refused ones marked', () => {
    const help = helpText();
    for (const { name, refused } of OPTIONS) {
      expect(help).toContain(`  ${name}`);
      if (refused !== undefined) expect(help.replace(/\s+/g, ' ')).toContain(`[not supported: ${refused}]`);
    }
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
