// The docs say what the code says, both ways: errors, settings, messages, state machines, glossary, links, file names, samples.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { NETWORKS, NEWER, OLDER } from '../../examples/data/make-access-log.ts';
import { generatedPages } from '../../scripts/docs.ts';
import { ERRORS } from '../../src/common/error-registry.ts';
import { ALL_MESSAGES } from '../../src/rpc/index-of-messages.ts';
import { samplesOf } from '../helpers/doc-samples.ts';

const root = join(import.meta.dirname, '../..');
/** What programs import. */
const API = join(root, 'src/index.ts');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })].sort();
const generated = [...(await generatedPages())];
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/^ {4}.*$/gm, '');

describe('generated pages', () => {
  it.each(generated)('%s is what `npm run docs` writes', (file, text) => {
    expect(read(file)).toBe(text);
  });
});

describe('docs/ERRORS.md', () => {
  const entries = [...read('docs/ERRORS.md').matchAll(/^### `(\w+)` \(exit (\d+)\)\n\n(.+)/gm)].map(([, code, exit, text]) => ({
    code,
    exit: Number(exit),
    text,
  }));

  it('has an entry for every error of the registry, and no other', () => {
    expect(entries.map((e) => e.code).sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it('gives the exit codes of the registry', () => {
    expect(Object.fromEntries(entries.map((e) => [e.code, e.exit]))).toEqual(
      Object.fromEntries(Object.entries(ERRORS).map(([code, kind]) => [code, kind.exit])),
    );
  });

  it('says for every error what to do', () => {
    expect(entries.filter((e) => !/\bDo(, in a command)?: /.test(e.text ?? '')).map((e) => e.code)).toEqual([]);
  });

  it('lists the errors that messages name', () => {
    const named = ALL_MESSAGES.flatMap((m) => (m.kind === 'rpc' ? m.errors : []));
    expect(named.filter((code) => !entries.some((e) => e.code === code))).toEqual([]);
  });
});

describe('docs/GLOSSARY.md', () => {
  const named = [...read('docs/GLOSSARY.md').matchAll(/type `(\w+)` in `([^`]+)`/g)].map(([, type, file]) => ({
    type: type!,
    file: file!,
  }));

  it.each(named)('$type is exported by $file', ({ type, file }) => {
    expect(read(file)).toMatch(new RegExp(`export (abstract )?(type|class|interface|const|function) ${type}\\b`));
  });

  it('defines every term once', () => {
    const terms = [...read('docs/GLOSSARY.md').matchAll(/\*\*([^*]+)\*\*/g)].map(([, term]) => term);
    expect(terms.filter((term, i) => terms.indexOf(term) !== i)).toEqual([]);
  });
});

describe('docs/PROGRAMS.md', () => {
  it('lists every method of RDDs and of the context, and no other', () => {
    const { documented, exported } = apiMethods();
    expect(documented).toEqual(exported);
  });
});

describe('pages', () => {
  it.each(pages)('%s has links that lead somewhere', (page) => {
    const broken = [...withoutCode(read(page)).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(root, dirname(page), target)));
    expect(broken).toEqual([]);
  });

  it.each(pages.filter((page) => page !== 'CHANGELOG.md'))('%s names files that exist', (page) => {
    const text = read(page);
    const ticked = [...withoutCode(text).matchAll(/`((?:src|test|docs|examples|scripts|bench|bin|conf)\/[^`\s]*)`/g)].map(
      ([, file]) => file!,
    );
    const commands = [...text.matchAll(/(?:^|\s)(?:\.\/)?((?:bin|examples)\/[\w./-]*\w)/gm)].map(([, file]) => file!);
    const missing = [...new Set([...ticked, ...commands])].filter(
      (file) => !existsSync(join(root, file)) && !existsSync(join(root, `${file}.template`)) && globSync(file, { cwd: root }).length === 0,
    );
    expect(missing).toEqual([]);
  });
});

type Typed = { readonly files: ReadonlyMap<string, string>; readonly program: ts.Program };
let made: Typed | undefined;
/** The samples, by file, and all that programs import: one program, as each takes seconds. */
function typed(): Typed {
  if (made !== undefined) return made;
  const files = new Map(
    pages.flatMap((page) => samplesOf(page, read(page))).map((sample) => [join(root, 'test/docs', sample.file), sample.text]),
  );
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [API, ...files.keys()] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  made = { files, program: ts.createProgram([API, ...files.keys()], options, host) };
  return made;
}

describe('code samples marked `ts`', () => {
  it('compile', () => {
    const { files, program } = typed();
    expect(files.size).toBeGreaterThan(3);
    const faults = [...files.keys()].flatMap((file) => {
      const source = program.getSourceFile(file)!;
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    });
    expect(ts.formatDiagnostics(faults, { getCurrentDirectory: () => root, getCanonicalFileName: (f) => f, getNewLine: () => '\n' })).toBe(
      '',
    );
  });
});

describe('examples/data', () => {
  it('holds what its generator writes', () => {
    expect(read('examples/data/access.log')).toBe(NEWER);
    expect(gunzipSync(readFileSync(join(root, 'examples/data/access.log.1.gz'))).toString()).toBe(OLDER);
    expect(read('examples/data/networks.csv')).toBe(NETWORKS);
  });
});

/**
 * Public methods of the classes that users call, read from their TypeScript types, against the tables of docs/PROGRAMS.md. What is there for
 * the engine alone is tagged @internal, or belongs to the interface by which RDDs call their context.
 */
function apiMethods(): { documented: string[]; exported: string[] } {
  const inner = join(root, 'src/runtime/rdd/context.ts');
  const { program } = typed();
  const checker = program.getTypeChecker();
  const membersOf = (file: string, name: string) => {
    const found = checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
      .find((symbol) => symbol.name === name);
    if (found === undefined) throw new Error(`${file} does not export ${name}`);
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    return checker
      .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
      .filter((property) => property.flags & ts.SymbolFlags.Method);
  };
  const forTheEngine = new Set(membersOf(inner, 'RddContext').map((property) => property.name));
  const exported = ['RDD', 'SparkContext'].flatMap((name) =>
    membersOf(API, name)
      .filter((property) => !ts.getJSDocTags(property.valueDeclaration!).some((tag) => tag.tagName.text === 'internal'))
      .filter((property) => !/^_|#/.test(property.name) && !(name === 'SparkContext' && forTheEngine.has(property.name)))
      .map((property) => `${name}.${property.name}`),
  );
  const text = read('docs/PROGRAMS.md');
  const documented = ['RDD', 'SparkContext'].flatMap((name) => {
    const section = new RegExp(`<!-- methods of ${name} -->([\\s\\S]*?)<!-- end -->`).exec(text)?.[1] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)/g)].map(([, method]) => `${name}.${method}`));
  });
  return { documented: documented.sort(), exported: exported.sort() };
}
