// Which packages a program needs, for hosts that don't see its node_modules: those that its modules name, and those that these depend on, at
// the places where Node.js finds them. Where all hosts share a file system node_modules is linked instead (stage-program.ts).
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Names in import, export … from, require: what a parser would find, and perhaps one in a comment, which only costs a copy. */
const BARE =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)(["'])((?:@[\w.~-]+\/)?[A-Za-z0-9_~][\w.~-]*)(?:\/[^"'\n]*)?\1/g;
/** Every installation brings its own. */
const OURS = 'emberloom';

/**
 * Copies them below `to`, as they lie below `root`: what lies in a node_modules above it comes into the one at its top.
 * @param modules the program's files
 * @returns how many
 */
export function copyPackages(modules: readonly string[], root: string, to: string): number {
  const copied = new Map<string, string>();
  const todo = modules.flatMap((file) => namesIn(file).map((name) => ({ name, from: dirname(file) })));
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const found = find(next.name, next.from);
    if (found === undefined || copied.has(found)) continue; // what is missing Node.js names better, when it is needed
    const real = realpathSync(found);
    const place = placeOf(found, root, to);
    // A link from node_modules to a store of packages (pnpm) stays one, so that each still finds what lies beside it there.
    const target = real !== found && real.includes('/node_modules/') ? placeOf(real, root, to) : place;
    copied.set(found, place);
    if (!existsSync(target)) cpSync(real, target, { recursive: true, dereference: true, filter: (path) => !isNested(path, real) });
    if (target !== place && !existsSync(place)) {
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(relative(dirname(place), target), place);
    }
    for (const name of dependenciesOf(real)) todo.push({ name, from: real });
  }
  return copied.size;
}

function namesIn(file: string): string[] {
  if (!/\.[mc]?[jt]s$/.test(file)) return [];
  const names = [...readFileSync(file, 'utf8').matchAll(BARE)].map(([, , name]) => name!);
  return [...new Set(names)].filter((name) => name !== OURS && !isBuiltin(name));
}

function find(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function placeOf(path: string, root: string, to: string): string {
  const base = path.slice(0, path.indexOf('/node_modules/'));
  const inside = base === root || base.startsWith(`${root}/`) ? relative(root, base) : '';
  return join(to, inside, path.slice(base.length));
}

const isNested = (path: string, real: string): boolean => path.slice(real.length).includes('/node_modules');

function dependenciesOf(folder: string): string[] {
  const read = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, Record<string, string> | undefined>;
  const named = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(read[kind] ?? {}));
  return named.filter((name) => name !== OURS);
}
