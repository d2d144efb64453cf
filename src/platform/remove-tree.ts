// Removes a folder of the data folder that a user may have made and may be changing this very moment (staging/ with emberloom.users.open-sockets),
// when it is root who removes. What Node.js does then, a look and a step into what was seen, a link put in between leads anywhere. Here each
// folder is first taken out of everybody's hands: moved to where only root goes, made root's, closed; then nobody can put anything into it, not even
// through a folder that he holds open. So what is seen in it stays what it is. docs/adr/0015.
import { randomUUID } from 'node:crypto';
import { chmod, lchown, lstat, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Nothing there is no fault. @param closed a folder of the same disk that nobody but root may go through */
export async function removeTree(path: string, closed: string, isRoot = process.getuid!() === 0): Promise<void> {
  if (!isRoot) return rm(path, { recursive: true, force: true });
  const { uid, mode } = await lstat(closed);
  if (uid !== 0 || (mode & 0o077) !== 0) throw new Error(`${closed} is not root's alone`);
  const taken = join(closed, `.removing-${randomUUID()}`);
  try {
    await rename(path, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await remove(taken);
}

/** Its folder is root's and closed: it can't become something else. */
async function remove(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return unlink(path);
  await lchown(path, 0, 0);
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await remove(join(path, name));
  await rmdir(path);
}
