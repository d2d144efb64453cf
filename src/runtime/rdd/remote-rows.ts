// Before a text runs, the rows of other databases that it reads (JDBC sources) become relations of the kernel, files in another form are made, and
// their names stand in the places of the marks. For the driver's kernel and for executors' alike.
import type { FileCopy } from '../../common/file-copy.ts';
import type { ObjectStore } from '../../common/object-store.ts';
import type { OpenRemoteRows, RemoteRead } from '../../common/remote-database.ts';
import { kernelPath, quoteName, quoteText } from '../../common/kernel-quotes.ts';
import type { SqlKernel } from '../../common/sql-kernel.ts';

export type OpenedRemotes = { readonly text: (sql: string) => string; readonly close: () => Promise<void> };

const NONE: OpenedRemotes = { text: (sql) => sql, close: async () => {} };

/** What a text reads beside its own inputs. */
export type FromOutside = {
  readonly remotes: readonly RemoteRead[];
  readonly stores: readonly ObjectStore[];
  readonly copies: readonly FileCopy[];
};
export type MakeCopy = (copy: FileCopy, kernel: SqlKernel) => Promise<{ readonly path: string; readonly remove: () => void }>;

/** @throws Error in the databases' words, AppError KERNEL_EXTENSION_MISSING, what `makeCopy` throws */
export async function openRemotes(kernel: SqlKernel, { remotes, stores, copies }: FromOutside, makeCopy: MakeCopy): Promise<OpenedRemotes> {
  for (const store of stores) await kernel.useStore(store);
  if (remotes.length + copies.length === 0) return NONE;
  const opened: [mark: string, rows: OpenRemoteRows][] = [];
  const made: [mark: string, path: string, remove: () => void][] = [];
  const close = async () => {
    for (const [, , remove] of made.splice(0)) remove();
    for (const [, rows] of opened.splice(0)) await rows.close();
  };
  try {
    for (const { mark, database, sql, types } of remotes) opened.push([mark, await (await kernel.remote(database)).open(sql, types)]);
    for (const copy of copies) {
      const { path, remove } = await makeCopy(copy, kernel);
      made.push([copy.mark, path, remove]);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const places = [
    ...opened.map(([mark, { name }]) => [quoteName(mark), quoteName(name)] as const),
    ...made.map(([mark, path]) => [quoteText(mark), kernelPath(path)] as const),
  ];
  const text = (sql: string) => places.reduce((all, [mark, place]) => all.replaceAll(mark, () => place), sql);
  return { text, close };
}
