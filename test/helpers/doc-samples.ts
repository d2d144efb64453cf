// The samples marked `ts` in a page, as programs, and what their comments say they print: `console.log(…); // 3 four`.
// test/docs compiles them; test/cli/examples.bats runs them:  node test/helpers/doc-samples.ts <folder> <page>...
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Sample = { file: string; text: string; prints: string };

export function samplesOf(page: string, text: string): Sample[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ''], i) => ({
    file: `${basename(page, '.md').toLowerCase()}-${i + 1}.ts`,
    text: code,
    prints: [...code.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join(''),
  }));
}

if (import.meta.main) {
  const [folder = '.', ...pages] = process.argv.slice(2);
  for (const sample of pages.flatMap((page) => samplesOf(page, readFileSync(page, 'utf8')))) {
    writeFileSync(join(folder, sample.file), sample.text);
    writeFileSync(join(folder, `${sample.file}.expected`), sample.prints);
  }
}
