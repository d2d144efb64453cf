// `emberloom extensions`: DuckDB's extensions come as Python wheels, each the extension for one platform, fetched by the user's own pip from the
// index that it is set up for. Versions and hashes are those of conf/kernel-extensions.txt, which pip checks; where they lie is
// platform/kernel-extensions.ts's business.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { extensionFile, extensionFolder, KERNEL_EXTENSIONS, type KernelExtension } from '../platform/kernel-extensions.ts';
import { runCommand } from '../platform/run-command.ts';
import { archiveUnpacker } from '../platform/unpack-archive.ts';
import { packageHome } from './package-home.ts';

export type ExtensionReport = {
  readonly name: KernelExtension;
  readonly purpose: string;
  readonly path: string;
  readonly installed: boolean;
};

export const extensionNames = Object.keys(KERNEL_EXTENSIONS) as readonly KernelExtension[];

export const listExtensions = (folder = extensionFolder()): readonly ExtensionReport[] =>
  extensionNames.map((name) => {
    const path = extensionFile(name, folder);
    return { name, purpose: KERNEL_EXTENSIONS[name], path, installed: existsSync(path) };
  });

const LIMITS = { maxBytes: 512 << 20, maxEntries: 100 };

/** pip's lines for one extension: `duckdb-extension-httpfs==1.5.5 --hash=sha256:…` once for each platform. */
export function requirementsOf(name: KernelExtension, pinned: string): string {
  const own = `duckdb-extension-${name.replaceAll('_', '-')}==`;
  return pinned
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.startsWith(own))
    .join('\n');
}

type Asked = {
  readonly folder?: string;
  /** Also where it is there already. */
  readonly again?: boolean;
  readonly python?: string;
};

/** @returns whether it was fetched. @throws AppError KERNEL_EXTENSION_FAILED */
export async function installExtension(
  name: KernelExtension,
  { folder = extensionFolder(), again = false, python = 'python3' }: Asked = {},
): Promise<boolean> {
  const target = extensionFile(name, folder);
  if (existsSync(target) && !again) return false;
  const work = mkdtempSync(join(tmpdir(), 'emberloom-extension-'));
  const failed = (detail: string) => new AppError('KERNEL_EXTENSION_FAILED', { extension: name, detail });
  try {
    const list = join(work, 'requirements.txt');
    writeFileSync(list, `${requirementsOf(name, readFileSync(join(packageHome, 'conf/kernel-extensions.txt'), 'utf8'))}\n`);
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '-r', list, '-d', work];
    const ran = await runCommand(python, args, work);
    if (!ran.ok) throw failed(ran.stderr.trim().split('\n').slice(-3).join(' '));
    const wheel = readdirSync(work).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw failed('pip left no wheel');
    const unpacked = join(work, 'wheel');
    mkdirSync(unpacked);
    await archiveUnpacker.unpack(join(work, wheel), wheel, unpacked, LIMITS);
    const found = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).find((file) => basename(file) === basename(target));
    if (found === undefined) throw failed(`there is no ${basename(target)} in ${wheel}`);
    mkdirSync(folder, { recursive: true });
    // Whole or not at all: a query may be looking for it now.
    const draft = `${target}.${process.pid}`;
    writeFileSync(draft, readFileSync(join(unpacked, found)));
    renameSync(draft, target);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
