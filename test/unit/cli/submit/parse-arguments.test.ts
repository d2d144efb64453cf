import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../../src/cli/submit/parse-arguments.ts';

describe('the command line of spark-submit', () => {
  it('takes --opt value and --opt=value alike', () => {
    const a = parseArguments(['--master', 'yarn', '--name=x y', '--conf', 'spark.a=b=c', '-c', 'spark.d=e', '--conf=spark.f=g', 'app.ts']);
    expect(a.fields).toEqual({ master: 'yarn', name: 'x y' });
    expect([...a.properties]).toEqual([
      ['spark.a', 'b=c'],
      ['spark.d', 'e'],
      ['spark.f', 'g'],
    ]);
    expect(a.primaryResource).toBe('app.ts');
  });

  it('leaves everything after the program to the program', () => {
    const a = parseArguments(['-v', 'app.ts', '--master', 'yarn', '--verbose', '-h', 'b c']);
    expect(a).toMatchObject({ action: 'submit', verbose: true, childArgs: ['--master', 'yarn', '--verbose', '-h', 'b c'] });
    expect(a.fields).toEqual({});
  });

  it('takes the next word as value, whatever it looks like, as Spark does', () => {
    expect(parseArguments(['--name', '--master', 'app.ts']).fields).toEqual({ name: '--master' });
    expect(parseArguments(['--driver-memory', '', 'app.ts']).fields).toEqual({ driverMemory: '' });
  });

  it('lets the last of two win', () => {
    expect(parseArguments(['--queue', 'a', '--queue=b', 'app.ts']).fields.queue).toBe('b');
    expect(parseArguments(['--conf', 'spark.a=1', '--conf', 'spark.a=2', 'app.ts']).properties.get('spark.a')).toBe('2');
  });

  it.each([
    [['--bogus', 'app.ts'], 'Unrecognized option: --bogus'],
    [['--executr-memory', '1g'], 'Unrecognized option: --executr-memory. Did you mean --executor-memory?'],
    [['--bogus=1'], 'Unrecognized option: --bogus=1'],
    [['--verbose=1'], 'Unrecognized option: --verbose=1'],
    [['--name=', 'app.ts'], 'Unrecognized option: --name='],
    [['--conf'], "Missing argument for option '--conf'."],
    [['-v', '--master'], "Missing argument for option '--master'."],
    [['--conf', 'foo', 'app.ts'], 'Invalid argument to --conf: foo'],
  ])('refuses %j', (argv, sentence) => {
    expect(() => parseArguments(argv)).toThrow(sentence);
  });

  it.each([
    [['--help'], 'help'],
    [['-h', '--version'], 'help'],
    [['--version'], 'version'],
    [['--kill', 'application_1_0001'], 'kill'],
    [['--master', 'yarn', '--status=application_1_0001'], 'status'],
    [['a.ts'], 'submit'],
  ])('%j means %s', (argv, action) => {
    expect(parseArguments(argv).action).toBe(action);
  });

  it('run-example takes the name of an example, options before it', () => {
    expect(parseArguments(['run-example', '--master', 'local[2]', 'pi', '10'])).toMatchObject({
      example: true,
      primaryResource: 'pi',
      childArgs: ['10'],
      fields: { master: 'local[2]' },
    });
    expect(parseArguments(['app.ts', 'run-example'])).toMatchObject({ example: false });
  });
});
