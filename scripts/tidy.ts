// npm run tidy: what a program can check about how the code reads. Banned tokens with their replacement, leftovers, files that
// nobody imports, line width, and two size limits as ratchets: what is in tidy-ratchet.json may stay, nothing may grow past it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const ours = tracked.filter(
  (f) => /^(src|test|scripts|bench|examples)\/.*\.tsx?$/.test(f) && !f.startsWith('test/fixtures/') && !f.includes('/.work/'),
);
const ratchet: Record<string, number> = JSON.parse(readFileSync(join(root, 'scripts/tidy-ratchet.json'), 'utf8')).fileLines;

const MAX_LINES = 300;
const MAX_WIDTH = 160;
const faults: string[] = [];
const say = (file: string, line: number, what: string) => faults.push(`${file}:${line}: ${what}`);

/** [where, pattern, what to do instead] */
const BANNED: readonly [RegExp, RegExp, string][] = [
  [
    /^src\/([^.]*\/)?core\//,
    /\b(Date\.now|Math\.random|setTimeout|setInterval|performance\.now|process\.)/,
    'a core has no clock, chance or process: take it from an event',
  ],
  [/^(src|test|scripts)\//, /\b(FIXME|XXX|TODO)\b/, 'finish it, or say in the closing note that it is not built'],
  [/^test\//, /\.(only|skip|todo)\(/, 'a test runs or is not there'],
  [/^src\//, /\bconsole\.(log|error|warn)\(/, 'write to the stream or the Logger that was passed in'],
  [/^src\//, /from '(?!node:)(fs|path|os|net|crypto|child_process|worker_threads|util)'/, 'use the node: specifier'],
  [
    /^src\/(?!platform\/process-launcher|platform\/|runtime\/)/,
    /from 'node:child_process'/,
    'processes are started through platform/process-launcher.ts',
  ],
];

const imported = new Set<string>();
for (const file of ours) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const limit = Math.max(MAX_LINES, ratchet[file] ?? 0);
  if (/^(src|scripts)\//.test(file) && lines.length - 1 > limit)
    say(file, limit, `${lines.length - 1} lines, the limit is ${limit}: one idea a file`);
  lines.forEach((line, i) => {
    if (line.length > MAX_WIDTH && !/https?:|^\s*(\/\/|\*)|`|['"].{100,}['"]/.test(line))
      say(file, i + 1, `${line.length} characters wide, the limit is ${MAX_WIDTH}`);
    if (file === 'scripts/tidy.ts') return;
    for (const [where, pattern, instead] of BANNED)
      if (where.test(file) && pattern.test(line)) say(file, i + 1, `${pattern.exec(line)?.[0].trim()}: ${instead}`);
    for (const m of line.matchAll(/['"](\.{1,2}\/[^'"]+\.tsx?)['"]/g)) imported.add(normalize(join(dirname(file), m[1]!)));
  });
  if (/^src\//.test(file) && !/^\s*(\/\/|\/\*)/.test(lines[0] ?? '') && !file.includes('/commands/'))
    say(file, 1, 'no header: say what this file is, what it is not, where the other half lives');
}
const build = ['bundles.ts', 'build-pages.ts'].map((f) => readFileSync(join(root, 'scripts', f), 'utf8')).join('\n');
for (const file of ours.filter((f) => f.startsWith('src/'))) {
  if (
    !imported.has(file) &&
    !build.includes(file.replace('src/browser/', '')) &&
    !file.startsWith('src/commands/') &&
    file !== 'src/index.ts' &&
    file !== 'src/runtime/closure/register.ts'
  )
    say(file, 1, 'nobody imports this file');
}
for (const file of ours.filter((f) => /\/(utils?|helpers?|misc)\.ts$/.test(f))) say(file, 1, `no ${basename(file)}: name the idea`);
const titles = tracked.filter((f) => f.endsWith('.md') && !f.startsWith('test/fixtures/'));
for (const file of titles) {
  const text = readFileSync(join(root, file), 'utf8').replace(/```[\s\S]*?```/g, '');
  if ((text.match(/^# /gm) ?? []).length !== 1) say(file, 1, 'a page has one title');
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(faults.length === 0 ? `tidy: ${ours.length} files\n` : `tidy: ${faults.length} faults in ${ours.length} files\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
