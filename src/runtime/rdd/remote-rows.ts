// Before a text runs, the rows of other databases that it reads (JDBC sources) become relations of the kernel, and their names stand in the places
// of the marks. For the driver's kernel and for executors' alike.
import type { ObjectStore } from '../../common/object-store.ts';
import type { OpenRemoteRows, RemoteRead } from '../../common/remote-database.ts';
import { quoteName } from '../../common/kernel-quotes.ts';
import type { SqlKernel } from '../../common/sql-kernel.ts';

export type OpenedRemotes = { readonly text: (sql: string) => string; readonly close: () => Promise<void> };

const NONE: OpenedRemotes = { text: (sql) => sql, close: async () => {} };

/** @throws Error in the databases' words, AppError KERNEL_EXTENSION_MISSING */
export async function openRemotes(kernel: SqlKernel, reads: readonly RemoteRead[], stores: readonly ObjectStore[]): Promise<OpenedRemotes> {
  for (const store of stores) await kernel.useStore(store);
  if (reads.length === 0) return NONE;
  const opened: [mark: string, rows: OpenRemoteRows][] = [];
  const close = async () => {
    for (const [, rows] of opened.splice(0)) await rows.close();
  };
  try {
    for (const { mark, database, sql, types } of reads) opened.push([mark, await (await kernel.remote(database)).open(sql, types)]);
  } catch (error) {
    await close();
    throw error;
  }
  const names = new Map(opened.map(([mark, { name }]) => [quoteName(mark), name]));
  const text = (sql: string) => [...names].reduce((all, [mark, name]) => all.replaceAll(mark, () => quoteName(name)), sql);
  return { text, close };
}
