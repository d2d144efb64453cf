import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { extensionNames, installExtension, listExtensions, requirementsOf } from '../../../src/cli/kernel-extensions.ts';
import { extensionFolder, KERNEL_VERSION } from '../../../src/platform/kernel-extensions.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'emberloom-extensions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('extensions of the kernel', () => {
  const pinned = readFileSync(join(root, 'conf/kernel-extensions.txt'), 'utf8');

  it.each(extensionNames)('%s is pinned to the kernel of package.json, with the hash of each platform', (name) => {
    const wanted = requirementsOf(name, pinned);
    expect(wanted).toMatch(
      new RegExp(`^duckdb-extension-[a-z-]+==${KERNEL_VERSION.replaceAll('.', '\\.')}( +--hash=sha256:[0-9a-f]{64}){4}$`),
    );
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    expect(dependencies['@duckdb/node-api']).toMatch(new RegExp(`^${KERNEL_VERSION}-`));
  });

  it('lie where the environment says, else in the cache of the user', () => {
    expect(extensionFolder({ EMBERLOOM_EXTENSIONS: '/srv/extensions' })).toBe('/srv/extensions');
    expect(extensionFolder({ XDG_CACHE_HOME: '/home/me/.cache' })).toBe(`/home/me/.cache/emberloom/extensions/${KERNEL_VERSION}`);
  });

  it('are not fetched again, and what pip says is told', async () => {
    writeFileSync(join(folder, 'mysql_scanner.duckdb_extension'), '');
    expect(
      listExtensions(folder)
        .filter((e) => e.installed)
        .map((e) => e.name),
    ).toEqual(['mysql_scanner']);
    expect(await installExtension('mysql_scanner', { folder })).toBe(false);
    const failed = installExtension('httpfs', { folder, python: join(folder, 'no-python') });
    await expect(failed).rejects.toMatchObject({ code: 'KERNEL_EXTENSION_FAILED', params: { extension: 'httpfs' } });
  });
});
