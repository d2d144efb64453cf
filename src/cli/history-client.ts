// Asks a history server over HTTP, for commands. Which server: --url, else the port of spark.history.ui.port on this host.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { HISTORY_KEYS, HistorySettings } from '../common/history-keys.ts';
import { parseProperties } from '../common/properties.ts';
import { packageHome } from './package-home.ts';

const LIMIT_MS = 60_000;

export function historyUrl(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given !== undefined) return given.replace(/\/+$/, '');
  const file = join(env['EMBERLOOM_CONF_DIR'] || env['SPARK_CONF_DIR'] || `${packageHome}/conf`, 'spark-defaults.conf');
  const settings = new HistorySettings([{ where: file, pairs: existsSync(file) ? parseProperties(readFileSync(file, 'utf8')) : [] }]);
  return `http://127.0.0.1:${settings.need(HISTORY_KEYS.port)}`;
}

/** A log that is being read is waited for, up to a minute. @throws AppError HISTORY_UNREACHABLE, HISTORY_REFUSED */
export async function askHistory<T>(url: string, path: string): Promise<T> {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(LIMIT_MS) });
    } catch (error) {
      const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
      throw new AppError('HISTORY_UNREACHABLE', { url, detail: cause?.code ?? (error as Error).message }, { cause: error });
    }
    if (answer.ok) return (await answer.json()) as T;
    const said = (await answer.text()).trim();
    if (answer.status !== 503 || !/is being read/.test(said) || Date.now() > until)
      throw new AppError('HISTORY_REFUSED', { url: url + path, said });
  }
}
