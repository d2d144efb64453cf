// The packages that only some programs need, loaded when first used: the parser and the editor for the first user module that is not in the
// cache, oxc-parser (native) for the first file with enums, namespaces or parameter properties. `require`, because loader hooks are
// synchronous.
import { createRequire } from 'node:module';

const requireHere = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);

export const acorn = (): typeof import('acorn') => requireHere('acorn');
export const oxcParser = (): typeof import('oxc-parser') => requireHere('oxc-parser');

/** The package is an ES module in some versions and CommonJS in others. */
export function magicString(): typeof import('magic-string').default {
  const loaded = requireHere('magic-string');
  return loaded.default ?? loaded;
}
