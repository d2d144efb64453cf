// Where this package lies, and its version. In a bundle this code is in dist/, unbundled in src/cli/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const bundled = !import.meta.filename.endsWith('.ts');

/** EMBERLOOM_HOME: the package's root, with bin/, conf/ and dist/. */
export const packageHome: string = join(import.meta.dirname, bundled ? '..' : '../..');
/** The folder of the bundles, also when this runs from source. */
export const distDir: string = join(packageHome, 'dist');

/** From package.json, for example `0.1.0`. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageHome, 'package.json'), 'utf8')) as { version: string }).version;
