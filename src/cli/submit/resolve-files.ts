// Turns what a user names (relative paths, file: URIs, globs, path#name) into absolute paths that exist. Reads the file system.
import { accessSync, constants, existsSync, globSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../common/errors.ts';

/** @throws AppError OPTION_REFUSED for a URI that is no file of this host; SUBMIT_USAGE for one that is none at all */
export function localPath(name: string, cwd: string): string {
  if (/^file:\/\//i.test(name)) {
    try {
      return fileURLToPath(name);
    } catch (cause) {
      throw new AppError('SUBMIT_USAGE', { reason: `${name} is no file of this host: ${(cause as Error).message}` }, { cause });
    }
  }
  if (/^(?:file|local):/i.test(name)) return resolve(cwd, name.slice(name.indexOf(':') + 1).replace(/^\/\/+/, '/'));
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name))
    throw new AppError('OPTION_REFUSED', { option: name, reason: 'only files of this host can be submitted; copy it here first' });
  return resolve(cwd, name);
}

export type ListOption = '--files' | '--archives';
const NOUN: Record<ListOption, string> = { '--files': 'The file', '--archives': 'The archive' };

/**
 * A comma list of --files or --archives. A glob that matches nothing is a missing file. `path#name` keeps its name.
 * @throws AppError FILE_MISSING; BAD_ARGUMENT for a folder, for what can't be read, and for two entries of one name in the working folder
 */
export function resolveList(listed: string | undefined, cwd: string, option: ListOption): string[] {
  const found = (listed ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .flatMap((entry) => resolveEntry(entry, cwd, option));
  const unique = [...new Set(found)];
  const names = new Map<string, string>();
  for (const entry of unique) {
    const name = nameInWorkFolder(entry);
    const other = names.get(name);
    if (other !== undefined)
      throw new AppError('BAD_ARGUMENT', {
        method: option,
        reason: `${other} and ${entry} would both be ${name} in the working folder; give one another name with #name`,
      });
    names.set(name, entry);
  }
  return unique;
}

/** `/a/b.txt` → `b.txt`, `/a/b.txt#c` → `c`. */
export function nameInWorkFolder(entry: string): string {
  const hash = entry.lastIndexOf('#');
  return hash < 0 ? basename(entry) : entry.slice(hash + 1);
}

/** `/a/b.txt#c` → `/a/b.txt`. A `#` always begins a name, as in Spark, where these are URIs. */
export const pathOf = (entry: string): string => (entry.includes('#') ? entry.slice(0, entry.lastIndexOf('#')) : entry);

function resolveEntry(entry: string, cwd: string, option: ListOption): string[] {
  const refused = (reason: string) => new AppError('BAD_ARGUMENT', { method: option, reason });
  const alias = entry.slice(pathOf(entry).length + 1);
  if (alias !== '' && (/[/\\]/.test(alias) || alias === '..' || alias === '.'))
    throw refused(`${entry}: the name after # must be a plain file name`);
  const path = localPath(pathOf(entry), cwd);
  const matches = existsSync(path) ? [path] : /[*?[{]/.test(path) ? globSync(path).sort() : [];
  if (matches.length === 0) throw new AppError('FILE_MISSING', { path, what: NOUN[option] });
  for (const match of matches) {
    if (statSync(match).isDirectory()) throw refused(`${match} is a folder; make an archive of it and use --archives`);
    const fault = whyUnreadable(match);
    if (fault !== undefined) throw refused(`${match} can't be read: ${fault}`);
  }
  return matches.map((match) => (alias === '' ? match : `${match}#${alias}`));
}

/** @returns the code of the fault (EACCES), or undefined */
export function whyUnreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

const PROGRAM = /^\.(?:[mc]?[jt]s)$/;
const OTHER_LANGUAGE: Record<string, string> = {
  '.py': 'Python',
  '.jar': 'the JVM',
  '.r': 'R',
  '.scala': 'Scala',
  '.java': 'Java',
  '.tsx': 'JSX',
  '.jsx': 'JSX',
};

/** @throws AppError FILE_MISSING, SUBMIT_USAGE when it is no program that can run here */
export function resolveProgram(named: string, cwd: string): string {
  const path = localPath(named, cwd);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new AppError('FILE_MISSING', { path, what: 'The program' });
  if (stat.isDirectory()) throw new AppError('SUBMIT_USAGE', { reason: `${path} is a folder; name the program's file in it.` });
  const extension = extname(path).toLowerCase();
  if (extension !== '' && !PROGRAM.test(extension)) {
    const language = OTHER_LANGUAGE[extension];
    throw new AppError('SUBMIT_USAGE', {
      reason: `${path} is no .ts, .mts, .cts, .js, .mjs or .cjs file${language === undefined ? '' : `: programs for ${language} don't run here`}.`,
    });
  }
  const fault = whyUnreadable(path);
  if (fault !== undefined) throw new AppError('SUBMIT_USAGE', { reason: `The program ${path} can't be read: ${fault}` });
  return path;
}
