// Where the process of a cluster-mode driver begins. It only loads the runtime, the same copy that the program will import, and lets it run:
// cluster-driver.ts.
import { createRequire } from 'node:module';
import { join } from 'node:path';

type Runtime = { runClusterDriver(): Promise<number> };
const UNCAUGHT = 10;

const bundled = !import.meta.filename.endsWith('.ts');
const load = async (): Promise<Runtime> =>
  bundled
    ? (createRequire(import.meta.url)(join(import.meta.dirname, 'runtime.cjs')) as Runtime)
    : ((await import(join(import.meta.dirname, '..', 'entry.ts'))) as Runtime);

if (import.meta.main) {
  load()
    .then((runtime) => runtime.runClusterDriver())
    .then(
      (code) => process.exit(code),
      (error: Error) => {
        process.stderr.write(`The driver could not start: ${error.stack}\n`);
        process.exit(UNCAUGHT);
      },
    );
}
