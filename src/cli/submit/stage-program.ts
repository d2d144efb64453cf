// Puts a program and what it needs into staging/<applicationId>/, from where the NodeManagers take it: the program's modules in their
// relative layout under app/, node_modules linked, --files and --archives copied. What the user changes afterwards changes nothing.
import { constants, copyFileSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import type { LocalResource } from '../../rpc/messages/shapes.ts';
import type { Staged } from './am-launch.ts';
import { programFiles } from './program-files.ts';
import { nameInWorkFolder, pathOf } from './resolve-files.ts';

/**
 * @param stagingDir made here, 0700; the caller removes it, also when this throws
 * @param say one line per file, as Spark's client says them
 * @throws AppError DATA_DIR_UNUSABLE when it can't be written (full disk, other owner)
 */
export async function stageProgram(config: SubmitConfig, stagingDir: string, say: (line: string) => void): Promise<Staged> {
  try {
    mkdirSync(stagingDir, { recursive: true, mode: 0o700 });
    // Where several users stage, the next id can be guessed: in a folder that another made lies what he wants us to run.
    if (lstatSync(stagingDir).uid !== process.getuid!()) throw new Error('it belongs to another user');
    const { program, appDir } = stageModules(config, stagingDir, say, true);
    const files = await stageEntries(config.files, join(stagingDir, 'files'), 'file', say);
    const archives = await stageEntries(config.archives, join(stagingDir, 'archives'), 'archive', say);
    const conf = config.conf.map(([key, value]): [string, string] =>
      key === 'spark.files' ? [key, files.paths.join(',')] : key === 'spark.archives' ? [key, archives.paths.join(',')] : [key, value],
    );
    const app: LocalResource = { name: 'app', kind: 'folder', path: join(stagingDir, 'app'), sizeBytes: 0 };
    return {
      stagingDir,
      resources: [app, ...files.resources, ...archives.resources],
      config: { ...config, conf, primaryResource: program, appDir, files: files.paths, archives: archives.paths },
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('DATA_DIR_UNUSABLE', { path: stagingDir, detail: (error as Error).message }, { cause: error });
  }
}

export type StagedModules = {
  readonly program: string;
  readonly appDir: string;
  /** The folder whose copy is app/, and the files in it. */
  readonly root: string;
  readonly modules: readonly string[];
};

/** @param linkPackages whether node_modules can be linked: whoever runs the program sees this file system */
export function stageModules(config: SubmitConfig, stagingDir: string, say: (line: string) => void, linkPackages: boolean): StagedModules {
  const modules = programFiles(config.primaryResource);
  const root = commonFolder([realpathSync(config.appDir), ...modules.map((file) => dirname(file))]);
  const app = join(stagingDir, 'app');
  const place = (path: string) => join(app, relative(root, path));
  const folders = new Set<string>([root, realpathSync(config.appDir)]);
  for (const file of modules) {
    mkdirSync(dirname(place(file)), { recursive: true });
    copyFileSync(file, place(file), constants.COPYFILE_FICLONE);
    for (let folder = dirname(file); folder.length > root.length; folder = dirname(folder)) folders.add(folder);
  }
  say(
    `Uploading resource file:${config.primaryResource} -> file:${place(modules[0]!)}${modules.length > 1 ? ` (and ${modules.length - 1} more that it imports)` : ''}`,
  );
  for (const folder of folders) {
    mkdirSync(place(folder), { recursive: true });
    copyIfThere(join(folder, 'package.json'), join(place(folder), 'package.json'));
    if (linkPackages) linkIfThere(join(folder, 'node_modules'), join(place(folder), 'node_modules'));
  }
  // Packages of a folder above the program's own are found one step above app/, as Node.js looks for them.
  for (let above = dirname(root); linkPackages && above !== dirname(above); above = dirname(above))
    if (linkIfThere(join(above, 'node_modules'), join(stagingDir, 'node_modules'))) break;
  return { program: place(modules[0]!), appDir: place(realpathSync(config.appDir)), root, modules };
}

function copyIfThere(from: string, to: string): void {
  if (existsSync(from) && !existsSync(to)) copyFileSync(from, to);
}

function linkIfThere(from: string, to: string): boolean {
  if (!existsSync(from)) return false;
  if (!existsSync(to)) symlinkSync(realpathSync(from), to);
  return true;
}

/** The nearest folder that holds all of them. */
export function commonFolder(folders: readonly string[]): string {
  let common = folders[0]!;
  for (const folder of folders)
    while (folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep)) common = dirname(common);
  return common;
}

type Entries = { readonly paths: string[]; readonly resources: LocalResource[] };

async function stageEntries(
  entries: readonly string[],
  folder: string,
  kind: 'file' | 'archive',
  say: (line: string) => void,
): Promise<Entries> {
  const made: Entries = { paths: [], resources: [] };
  for (const entry of entries) {
    const from = pathOf(entry);
    const name = nameInWorkFolder(entry);
    const stat = statSync(from);
    mkdirSync(folder, { recursive: true });
    // An archive keeps its own name on disk: the kind is told from it. Its name in the work folder is the resource's.
    const to = join(folder, kind === 'file' ? name : `${made.paths.length}-${from.slice(from.lastIndexOf('/') + 1)}`);
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    say(`Uploading resource file:${from} -> file:${to}`);
    made.paths.push(kind === 'file' ? to : `${to}#${name}`);
    made.resources.push({ name, kind, path: to, sizeBytes: stat.size });
  }
  return made;
}
