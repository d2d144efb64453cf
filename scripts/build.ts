// Makes dist/: the bundles (bundles.ts), the pages for browsers (build-pages.ts), the ESM door index.mjs, the stamp that bin/ compares with, and with --types the
// declarations of the public API. Entries that do not exist yet are skipped with a note. Run by `npm run build` and, without
// --types, by bin/emberloom-setup on the first use of a fresh clone.
//
//   node scripts/build.ts [--types] [--quiet] [bundle …]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { buildPages } from './build-pages.ts';
import { BUNDLES, type Bundle, EXTERNAL, STUBBED } from './bundles.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const wantTypes = process.argv.includes('--types');
const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'));
const say = (line: string): void => void (process.argv.includes('--quiet') || process.stderr.write(`build: ${line}\n`));

/** Written to one side and renamed: a process that starts during a build never reads half a file. */
function put(name: string, text: string): void {
  const temporary = join(dist, `.${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(dist, name));
}

const stub: Plugin = {
  name: 'stub',
  setup(b) {
    b.onResolve({ filter: STUBBED }, (a) => ({ path: a.path, namespace: 'stub' }));
    b.onLoad({ filter: /.*/, namespace: 'stub' }, (a) => ({
      contents:
        a.path === 'msgpackr-extract'
          ? 'throw new Error("left out: the start costs more than it saves");'
          : `module.exports = new Proxy(function () {}, { get(_, k) { if (k === '__esModule') return undefined; return () => { throw new Error('${a.path} is not part of this bundle'); }; } });`,
    }));
  },
};

// `__isMain` is true in the file that the process was started with, be it the launcher or the code itself.
const BANNER = `const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;
const __isMain = require.main === module || (require.main !== undefined && require.main.filename === __filename.replace(/\\.main\\.cjs$/, '.cjs'));`;

async function bundle({ name, entry, library }: Bundle): Promise<void> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(dist, `${name}.main.cjs`),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // No minified names and no keepNames: stacks stay readable, and __name(...) calls must not get into functions that travel.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
    sourcemap: 'linked',
    sourcesContent: false,
    external: [...EXTERNAL],
    plugins: [stub],
    banner: { js: BANNER },
    loader: { '.node': 'empty' },
    define: {
      'import.meta.url': '__importMetaUrl',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
      'import.meta.main': library ? 'false' : '__isMain',
    },
  });
  for (const file of made.outputFiles) put(file.path.slice(dist.length + 1), file.text);
  put(`${name}.cjs`, `'use strict';\nrequire('./compile-cache.cjs');\nmodule.exports = require('./${name}.main.cjs');\n`);
}

/** V8's compiled code is kept in dist/.cache, or in the user's cache folder where dist/ belongs to somebody else. */
const COMPILE_CACHE = `'use strict';
const { accessSync, constants } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');
let folder = join(__dirname, '.cache');
try {
  accessSync(__dirname, constants.W_OK);
} catch {
  folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'emberloom');
}
try {
  require('node:module').enableCompileCache(folder);
} catch {
  // without a cache the start is slower, nothing else
}
`;

/** Names that `import { … } from 'emberloom'` finds. Taken from the source, so no code of ours runs during a build. */
async function exportedNames(entry: string): Promise<string[]> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
    outfile: join(dist, 'names.mjs'),
    external: [...EXTERNAL],
    plugins: [stub],
    loader: { '.node': 'empty' },
  });
  return Object.values(made.metafile.outputs)
    .flatMap((o) => o.exports)
    .filter((name) => name !== 'default');
}

async function esmDoor(): Promise<void> {
  const entry = ['src/index.ts', 'src/runtime/entry.ts'].find((path) => existsSync(join(root, path)));
  if (entry === undefined) return say('skipped index.mjs: no src/index.ts yet');
  const names = await exportedNames(entry);
  put(
    'index.mjs',
    `import { createRequire } from 'node:module';\nconst api = createRequire(import.meta.url)('./runtime.cjs');\nexport const {\n${names.map((n) => `  ${n},\n`).join('')}} = api;\n`,
  );
  put(
    'register.mjs',
    "import { createRequire } from 'node:module';\nconst api = createRequire(import.meta.url)('./runtime.cjs');\napi.registerClosureLoader?.();\n",
  );
}

/** The newest file decides: a source that changes while we build must count as newer than the stamp. */
async function main(): Promise<void> {
  const begun = new Date();
  mkdirSync(dist, { recursive: true });
  put('compile-cache.cjs', COMPILE_CACHE);
  const present = BUNDLES.filter(({ name, entry }) => existsSync(join(root, entry)) && (wanted.length === 0 || wanted.includes(name)));
  const absent = BUNDLES.filter(({ entry }) => !existsSync(join(root, entry)));
  for (const { name, entry } of absent) say(`skipped ${name}.cjs: no ${entry} yet`);
  // One broken source must not keep the other processes from being built; it still fails the build.
  const pages = wanted.length === 0 || wanted.includes('ui') ? [buildPages(root, dist)] : [];
  const made = await Promise.allSettled([...present.map(bundle), esmDoor(), ...pages]);
  const faults = made.flatMap((m) => (m.status === 'rejected' ? [String((m.reason as Error).message)] : []));
  if (faults.length > 0) {
    process.stderr.write(`${faults.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  if (wanted.length > 0) return;
  if (wantTypes) declarations();
  rmSync(join(dist, '.cache'), { recursive: true, force: true });
  const stamp = join(dist, '.stamp');
  writeFileSync(stamp, `${begun.toISOString()}\n`);
  utimesSync(stamp, begun, begun);
  say(`${present.length} bundles in ${Date.now() - begun.getTime()} ms`);
}

function declarations(): void {
  if (!existsSync(join(root, 'src/index.ts'))) {
    say('skipped types: no src/index.ts yet');
    return;
  }
  const out = join(dist, 'types');
  rmSync(out, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const made = spawnSync(process.execPath, [tsc, '-p', 'scripts/tsconfig.types.json', '--incremental', 'false', '--outDir', out], {
    cwd: root,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`the declarations could not be made:\n${made.stdout}${made.stderr}`);
  // Declarations name their neighbours as the sources do, with .ts; in a package only .d.ts files are there, so .js it is.
  for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(out, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
  }
}

await main();
