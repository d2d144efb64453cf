// The settings page: every setting that a daemon knows, its value and where it comes from; secrets never leave the daemon. Pure.
import { KEYS } from '../../common/config-keys.ts';
import type { Settings } from '../../common/settings.ts';

export type SettingRow = {
  readonly name: string;
  readonly value: string;
  /** `file:line`, or default. */
  readonly from: string;
  readonly unit: string;
  readonly doc: string;
};

const SECRET = /secret|password|passwd|token|credential|private.?key|keystore|access.?key/i;

/** Source: Spark's SECRET_REDACTION_PATTERN, with a few words more. A file's path is no secret. */
export const isSecret = (name: string): boolean => SECRET.test(name) && !/[.-](file|path|dir|location)$/i.test(name);
export const HIDDEN = '*********(redacted)';

export function settingRows(settings: Settings): SettingRow[] {
  return Object.values(KEYS).map((key) => {
    const entry = settings.entry(key);
    const value = entry?.value ?? key.fallback ?? '';
    return {
      name: key.name,
      value: value !== '' && isSecret(key.name) ? HIDDEN : value,
      from: entry === undefined ? 'default' : entry.line > 0 ? `${entry.where}:${entry.line}` : entry.where,
      unit: key.unit,
      doc: key.doc,
    };
  });
}
