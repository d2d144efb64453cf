// The operator's certificate, key and authority, read from the files that the settings name; a container is told their places by its
// environment. Without them processes make their own (self-signed.ts).
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { KEYS } from '../common/config-keys.ts';
import { AppError } from '../common/errors.ts';
import type { Settings } from '../common/settings.ts';
import type { TlsIdentity } from './net-transport.ts';

const VARIABLES = { cert: 'EMBERLOOM_TLS_CERT', key: 'EMBERLOOM_TLS_KEY', ca: 'EMBERLOOM_TLS_CA' } as const;
const KEY_OF = { cert: KEYS.tlsCert, key: KEYS.tlsKey, ca: KEYS.tlsCa };
const NAMES = ['cert', 'key', 'ca'] as const;
type Files = Readonly<Record<(typeof NAMES)[number], string | undefined>>;

/** @throws AppError TLS_UNUSABLE: one of the three is missing, can't be read, or is no PEM text that fits the others */
export const tlsOf = (settings: Settings): TlsIdentity | undefined => read(filesOf(settings));

/** What the environment of a container says for tlsFromEnvironment. */
export const tlsEnvironment = (settings: Settings): Record<string, string> => {
  const files = filesOf(settings);
  return Object.fromEntries(NAMES.flatMap((name) => (files[name] === undefined ? [] : [[VARIABLES[name], files[name]]])));
};

/** @throws AppError TLS_UNUSABLE */
export const tlsFromEnvironment = (env: Readonly<Record<string, string | undefined>>): TlsIdentity | undefined =>
  read(Object.fromEntries(NAMES.map((name) => [name, env[VARIABLES[name]]])) as Files);

const filesOf = (settings: Settings): Files => Object.fromEntries(NAMES.map((name) => [name, settings.get(KEY_OF[name])])) as Files;

function read(files: Files): TlsIdentity | undefined {
  const given = NAMES.filter((name) => files[name] !== undefined);
  if (given.length === 0) return undefined;
  const missing = NAMES.find((name) => files[name] === undefined);
  if (missing !== undefined)
    throw new AppError('TLS_UNUSABLE', { detail: `${KEY_OF[given[0]!].name} is set and ${KEY_OF[missing].name} is not` });
  const text = (name: (typeof NAMES)[number]): string => {
    try {
      return readFileSync(files[name]!, 'utf8');
    } catch (error) {
      throw new AppError('TLS_UNUSABLE', { detail: `${KEY_OF[name].name}: ${(error as Error).message}` }, { cause: error });
    }
  };
  const identity = { cert: text('cert'), key: text('key'), ca: text('ca') };
  try {
    createSecureContext(identity);
  } catch (error) {
    const detail = `${files.cert}, ${files.key} and ${files.ca}: ${(error as Error).message}`;
    throw new AppError('TLS_UNUSABLE', { detail }, { cause: error });
  }
  return identity;
}
