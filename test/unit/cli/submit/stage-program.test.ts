import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appDirOf } from '../../../../src/cli/submit/prepare.ts';
import { programFiles } from '../../../../src/cli/submit/program-files.ts';
import { resolveList, resolveProgram } from '../../../../src/cli/submit/resolve-files.ts';
import { commonFolder, stageProgram } from '../../../../src/cli/submit/stage-program.ts';
import type { SubmitConfig } from '../../../../src/common/submit-config.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'stage-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
const relative = (paths: string[]) => paths.map((p) => p.slice(root.length + 1)).sort();
const configOf = (program: string, extra: Partial<SubmitConfig> = {}): SubmitConfig => ({
  master: 'yarn',
  deployMode: 'cluster',
  name: 'p',
  primaryResource: join(root, program),
  args: [],
  conf: [
    ['spark.files', 'old'],
    ['spark.a', 'b'],
  ],
  files: [],
  archives: [],
  appDir: appDirOf(join(root, program)),
  user: 'u',
  verbose: false,
  home: '/h',
  ...extra,
});

describe('the files of a program', () => {
  it.skipIf(process.getuid?.() === 0)('one that may not be read is named', () => {
    put({ 'main.ts': "import './closed.ts';", 'closed.ts': '' });
    chmodSync(join(root, 'closed.ts'), 0);
    expect(() => programFiles(join(root, 'main.ts'))).toThrow(`The program needs ${root}/closed.ts, which can't be read: EACCES`);
    expect(() => resolveProgram('closed.ts', root)).toThrow("can't be read: EACCES");
    expect(() => resolveList('closed.ts', root, '--files')).toThrow("can't be read: EACCES");
  });

  it('are those it names by relative paths, and those that they name, each once', () => {
    put({
      'src/main.ts': `import { a } from './lib/a.ts';\nimport '../shared/side.mjs';\nexport * from "./b.cjs";\nconst c = await import(\`./lazy.ts\`);\nconst d = new URL('./data.txt', import.meta.url);`,
      'src/lib/a.ts': "import '../main.ts'; import type { T } from './types.ts'; import x from '#conf'; import 'lodash';",
      'src/lib/types.ts': '',
      'shared/side.mjs': '',
      'src/b.cjs': "const x = require('./plain'); require('./folder'); require.resolve('./c.json');",
      'src/plain.js': '',
      'src/folder/index.js': '',
      'src/c.json': '{}',
      'src/lazy.ts': '',
      'src/data.txt': '',
      'package.json': '{"imports": {"#conf": {"node": "./conf/x.ts"}}}',
      'conf/x.ts': '',
      'src/unrelated.ts': '',
    });
    expect(relative(programFiles(join(root, 'src/main.ts')))).toEqual([
      'conf/x.ts',
      'shared/side.mjs',
      'src/b.cjs',
      'src/c.json',
      'src/data.txt',
      'src/folder/index.js',
      'src/lazy.ts',
      'src/lib/a.ts',
      'src/lib/types.ts',
      'src/main.ts',
      'src/plain.js',
    ]);
  });

  it('are modules wherever they are named, but other files only where they are imported', () => {
    put({
      'main.ts': "const worker = './worker.ts'; sc.textFile('./big.csv'); // from './comment.ts'",
      'worker.ts': '',
      'big.csv': '',
      'comment.ts': '',
    });
    expect(relative(programFiles(join(root, 'main.ts')))).toEqual(['comment.ts', 'main.ts', 'worker.ts']);
  });
});

describe('staging', () => {
  it('keeps the layout, the package.json of every folder, and links node_modules', async () => {
    put({
      'app/package.json': '{"type":"module"}',
      'app/node_modules/x/index.js': '',
      'app/src/main.ts': "import './sub/a.ts'",
      'app/src/sub/a.ts': '',
      'app/src/sub/package.json': '{}',
      'node_modules/y/index.js': '',
    });
    const said: string[] = [];
    const { config, resources, stagingDir } = await stageProgram(
      configOf('app/src/main.ts'),
      join(root, 'staging/application_1_0001'),
      (line) => said.push(line),
    );
    expect(config.primaryResource).toBe(join(stagingDir, 'app/src/main.ts'));
    expect(config.appDir).toBe(join(stagingDir, 'app'));
    for (const file of ['app/package.json', 'app/src/sub/a.ts', 'app/src/sub/package.json'])
      expect(existsSync(join(stagingDir, file))).toBe(true);
    expect(readlinkSync(join(stagingDir, 'app/node_modules'))).toBe(join(root, 'app/node_modules'));
    expect(readlinkSync(join(stagingDir, 'node_modules'))).toBe(join(root, 'node_modules'));
    expect(statSync(stagingDir).mode & 0o777).toBe(0o700);
    expect(resources).toEqual([{ name: 'app', kind: 'folder', path: join(stagingDir, 'app'), sizeBytes: 0 }]);
    expect(said[0]).toMatch(/^Uploading resource file:.*main\.ts -> file:.*\(and 1 more that it imports\)$/);
  });

  it('takes the nearest folder that holds all modules', async () => {
    put({ 'p/a/package.json': '{}', 'p/a/main.ts': "import '../b/x.ts'", 'p/b/x.ts': '' });
    const { config, stagingDir } = await stageProgram(configOf('p/a/main.ts'), join(root, 's'), () => {});
    expect(config.primaryResource).toBe(join(stagingDir, 'app/a/main.ts'));
    expect(existsSync(join(stagingDir, 'app/b/x.ts'))).toBe(true);
    expect(commonFolder(['/a/b/c', '/a/bc', '/a/b'])).toBe('/a');
    expect(commonFolder(['/a', '/b'])).toBe('/');
  });

  it('copies files and archives under their names, and says so in the settings', async () => {
    put({ 'main.ts': '', 'f.txt': 'one', 'z.tgz': 'zip' });
    const { config, resources, stagingDir } = await stageProgram(
      configOf('main.ts', { files: [`${root}/f.txt#g.txt`], archives: [`${root}/z.tgz#lib`] }),
      join(root, 's'),
      () => {},
    );
    writeFileSync(join(root, 'f.txt'), 'changed after the submit');
    expect(readFileSync(join(stagingDir, 'files/g.txt'), 'utf8')).toBe('one');
    expect(config.files).toEqual([join(stagingDir, 'files/g.txt')]);
    expect(config.conf).toEqual([
      ['spark.files', join(stagingDir, 'files/g.txt')],
      ['spark.a', 'b'],
    ]);
    expect(resources.slice(1).map(({ name, kind }) => ({ name, kind }))).toEqual([
      { name: 'g.txt', kind: 'file' },
      { name: 'lib', kind: 'archive' },
    ]);
    expect(config.archives).toEqual([`${join(stagingDir, 'archives/0-z.tgz')}#lib`]);
    expect(lstatSync(join(stagingDir, 'files/g.txt')).isFile()).toBe(true);
  });
});

describe('files on the command line', () => {
  it('may be relative, globs, file: URIs, and have another name', () => {
    put({ 'a1.txt': '', 'a2.txt': '', 'b.txt': '' });
    expect(resolveList(`a*.txt, file://${root}/b.txt#x ,`, root, '--files')).toEqual([
      `${root}/a1.txt`,
      `${root}/a2.txt`,
      `${root}/b.txt#x`,
    ]);
    expect(resolveList(undefined, root, '--files')).toEqual([]);
  });

  it.each([
    ['nope.txt', 'does not exist'],
    ['n*.txt', 'does not exist'],
    ['b.txt#../x', 'plain file name'],
    ['hdfs://h/x', 'only files of this host'],
    ['b.txt,d/b.txt', 'would both be b.txt'],
    ['d', '--files: '],
    ['*', 'is a folder; make an archive of it'],
    ['file://elsewhere/b.txt', 'is no file of this host'],
    ['file:///%zz', 'is no file of this host'],
  ])('%s is refused: %s', (list, why) => {
    put({ 'b.txt': '', 'd/b.txt': '' });
    expect(() => resolveList(list, root, '--files')).toThrow(why);
  });

  it.each([
    ['nope.ts', 'nope.ts does not exist'],
    ['.', 'is a folder'],
    ['x.py', "programs for Python don't run here"],
    ['x.txt', 'is no .ts'],
  ])('the program %s is refused: %s', (program, why) => {
    put({ 'x.py': '', 'x.txt': '' });
    expect(() => resolveProgram(program, root)).toThrow(why);
  });
});
