// The files of a running application's event log, for download: the one file, or all of a rolling log's folder.
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EventLogFile } from '../../../status/rest/app-source.ts';
import { logPath } from './log-files.ts';
import type { LogSettings } from './settings.ts';

/** @returns undefined: nothing was written yet */
export function listedFiles(settings: LogSettings): EventLogFile[] | undefined {
  const path = logPath(settings);
  for (const found of [path, `${path}.inprogress`]) {
    const stat = statSync(found, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isFile()) return [{ name: basename(found), path: found }];
    const folder = basename(found);
    return readdirSync(found)
      .sort()
      .map((name) => ({ name: `${folder}/${name}`, path: join(found, name) }));
  }
  return undefined;
}
