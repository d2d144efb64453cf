// What a core needs to begin with, for tests of what is around it.
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

export const SETTINGS = { ...CORE_SETTINGS, amSilenceMs: 600_000 };
export const FOUND = NOTHING_FOUND;
