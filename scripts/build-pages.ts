// Makes dist/ui/: the application's pages for a browser (src/status/pages/browser/), one script and one style sheet whose names carry their
// content's hash, and index.html that names them. Part of `npm run build`; what serves the files is src/status/pages/page-files.ts.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SOURCES = 'src/status/pages/browser';

/** Files are written first and the old ones removed last, so a server that starts during a build finds a whole set. */
export async function buildPages(root: string, dist: string): Promise<void> {
  const made = await build({
    absWorkingDir: root,
    entryPoints: ['main.tsx', 'theme.ts', 'style.css', 'icon.svg'].map((name) => join(SOURCES, name)),
    outdir: join(dist, 'ui'),
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
  const folder = join(dist, 'ui');
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
  const shell = readFileSync(join(root, SOURCES, 'index.html'), 'utf8')
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
