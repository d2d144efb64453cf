// How pages and REST of all daemons are reached: one cluster has one policy. Source: YARN's WebAppUtils.getHttpSchemePrefix.
import { KEYS } from '../common/config-keys.ts';
import type { Settings } from '../common/settings.ts';

export const webScheme = (settings: Settings): 'http' | 'https' => (settings.need(KEYS.httpPolicy) === 'HTTPS_ONLY' ? 'https' : 'http');
