// Where packed logs of ended applications are: nodes write them there, `yarn logs` and the ResourceManager read them.
import { join } from 'node:path';
import { KEYS } from '../common/config-keys.ts';
import type { Settings } from '../common/settings.ts';

export const appLogsDir = (settings: Settings, dataDir: string): string =>
  settings.get(KEYS.logAggregationDir) ?? join(dataDir, 'app-logs');
