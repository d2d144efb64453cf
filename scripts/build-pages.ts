// Makes the pages for a browser: dist/ui/ (an application's, src/status/pages/browser/) and dist/ui-cluster/ (ResourceManager's and NodeManager's,
// src/cluster-pages/browser/). Each is one script and one style sheet whose names carry their content's hash, and index.html that names them.
// What they share is src/browser/. Part of `npm run build`; what serves the files is src/status/pages/page-bundle.ts.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SHARED = 'src/browser';
const SETS: readonly { readonly folder: string; readonly main: string; readonly style: string }[] = [
  { folder: 'ui', main: 'src/status/pages/browser/main.tsx', style: 'src/browser/style.css' },
  { folder: 'ui-cluster', main: 'src/cluster-pages/browser/main.tsx', style: 'src/cluster-pages/browser/style.css' },
];

export async function buildPages(root: string, dist: string): Promise<void> {
  await Promise.all(SETS.map((set) => buildSet(root, dist, set)));
}

/** Files are written first and the old ones removed last, so a server that starts during a build finds a whole set. */
async function buildSet(root: string, dist: string, set: (typeof SETS)[number]): Promise<void> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: [set.main, join(SHARED, 'theme.ts'), set.style, join(SHARED, 'icon.svg')],
    outdir: join(dist, set.folder),
    entryNames: '[name]-[hash]',
    write: false,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
  });
  const folder = join(dist, set.folder);
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string | Uint8Array): void => {
    const temporary = join(folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, text);
    renameSync(temporary, join(folder, name));
  };
  const names = made.outputFiles.map((file) => basename(file.path));
  for (const [i, file] of made.outputFiles.entries()) put(names[i]!, file.contents);
  const named = (start: string, ext: string): string => {
    const name = names.find((n) => n.startsWith(`${start}-`) && n.endsWith(ext));
    if (name === undefined) throw new Error(`the build made no ${start}${ext}: ${names.join(' ')}`);
    return name;
  };
  const shell = readFileSync(join(root, SHARED, 'index.html'), 'utf8')
    .replace('%MAIN%', named('main', '.js'))
    .replace('%THEME%', named('theme', '.js'))
    .replace('%STYLE%', named('style', '.css'))
    .replace('%ICON%', named('icon', '.svg'));
  put('index.html', shell);
  for (const name of readdirSync(folder)) {
    if (name === 'index.html' || names.includes(name)) continue;
    if (!name.startsWith('.') || name.endsWith(`.${process.pid}`)) rmSync(join(folder, name), { force: true });
  }
}
