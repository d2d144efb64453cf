// For clusters of several hosts: makes of a program, its packages, --files and --archives what can be sent to the ResourceManager: files with
// a hash, the program itself as one tar. Sending is rpc/send-staged.ts, in cluster mode by the submitter, in client mode by the driver.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { packTar } from '../../platform/pack-tar.ts';
import { copyPackages } from './program-packages.ts';
import { nameInWorkFolder, pathOf } from './resolve-files.ts';
import { stageModules } from './stage-program.ts';

type Shipped = NonNullable<SubmitConfig['shipped']>;
type File = Shipped['files'][number];
/** In the container's work folder. */
const [APP, PACKAGES] = ['app', '.emberloom-packages'];

export type Packed = {
  readonly shipped: Shipped;
  /** As the driver's container sees it: paths count from its work folder. */
  readonly inContainer: SubmitConfig;
};

/**
 * @param folder empty; must stay until everything is sent
 * @throws AppError DATA_DIR_UNUSABLE, SUBMIT_USAGE
 */
export async function packProgram(config: SubmitConfig, folder: string, say: (line: string) => void): Promise<Packed> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { program, appDir, root, modules } = stageModules(config, folder, say, false);
    copyPackages(modules, root, join(folder, APP));
    const files: File[] = [await tarOf(join(folder, APP), APP)];
    const conf = new Map(config.conf);
    const packages = conf.get(SPARK_KEYS.packagesDir.name);
    if (packages !== undefined) {
      files.push(await tarOf(packages, PACKAGES, join(folder, 'packages.tar')));
      conf.set(SPARK_KEYS.packagesDir.name, PACKAGES);
    }
    const here = (path: string) => path.slice(folder.length + 1);
    for (const entry of config.files) files.push(await given(entry, 'file'));
    for (const entry of config.archives) files.push(await given(entry, 'archive'));
    for (const key of ['spark.files', 'spark.archives']) {
      const listed = conf.get(key);
      if (listed !== undefined) conf.set(key, listed.split(',').map(nameInWorkFolder).join(','));
    }
    const shipped = { files, appDir: here(appDir), ...(packages !== undefined && { packagesDir: PACKAGES }) };
    const there = { conf: [...conf], primaryResource: here(program), appDir: here(appDir), files: [], archives: [], shipped };
    return { shipped, inContainer: { ...config, ...there } };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('DATA_DIR_UNUSABLE', { path: folder, detail: (error as Error).message }, { cause: error });
  }
}

async function tarOf(folder: string, name: string, path = `${folder}.tar`): Promise<File> {
  return { name, kind: 'archive', path, ...(await packTar(folder, path)) };
}

async function given(entry: string, kind: 'file' | 'archive'): Promise<File> {
  const path = pathOf(entry);
  return { name: nameInWorkFolder(entry), kind, path, sizeBytes: statSync(path).size, sha256: await sha256Of(path) };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
