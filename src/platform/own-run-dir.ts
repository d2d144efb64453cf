// Where a driver's sockets lie: beside the daemons', or, for a user who may not write there, in a folder of his own in /tmp, which is his
// whoever made it first. Executors that run as the NodeManager's user must reach them: who connects proves the application's secret.
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { AppError } from '../common/errors.ts';

/** @throws AppError DATA_DIR_UNUSABLE when somebody else has the folder of our own */
export function ownRunDir(shared: string): { readonly runDir: string; readonly socketMode: number } {
  try {
    accessSync(shared, constants.W_OK);
    return { runDir: shared, socketMode: 0o600 };
  } catch (error) {
    // Without the folder there is no cluster either, which is said where it is looked for.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return { runDir: shared, socketMode: 0o600 };
  }
  const uid = process.getuid!();
  const runDir = `/tmp/emberloom-${uid}`;
  try {
    mkdirSync(runDir, { mode: 0o711 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new AppError('DATA_DIR_UNUSABLE', { path: runDir, detail: String(error) });
  }
  const at = lstatSync(runDir);
  if (!at.isDirectory() || at.uid !== uid) throw new AppError('DATA_DIR_UNUSABLE', { path: runDir, detail: 'it belongs to another user' });
  chmodSync(runDir, 0o711);
  return { runDir, socketMode: 0o666 };
}
