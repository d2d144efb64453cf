// Writes the generated pages: docs/CONFIG.md, docs/RPC.md, docs/STATES.md, docs/SUBMIT.md, docs/FUNCTIONS.md, docs/YARN-PROPERTIES.md, and the tables of docs/BENCHMARKS.md. `npm run docs`
// after a change to a setting, a message or a state machine, or when a bench has kept a result; test/docs/docs-match-code.test.ts fails when a page is not what this would write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarksPage } from './docs-benchmarks.ts';
import { configPage } from './docs-config.ts';
import { functionsPage } from './docs-functions.ts';
import { rpcPage } from './docs-rpc.ts';
import { statesPage } from './docs-states.ts';
import { submitPage } from './docs-submit.ts';
import { yarnPage } from './docs-yarn.ts';

/** file → text, of every generated page */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/BENCHMARKS.md', benchmarksPage()],
    ['docs/CONFIG.md', configPage()],
    ['docs/FUNCTIONS.md', functionsPage()],
    ['docs/RPC.md', rpcPage()],
    ['docs/STATES.md', await statesPage()],
    ['docs/SUBMIT.md', submitPage()],
    ['docs/YARN-PROPERTIES.md', yarnPage()],
  ]);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  for (const [file, text] of await generatedPages()) {
    writeFileSync(join(root, file), text);
    process.stdout.write(`${file}\n`);
  }
}
