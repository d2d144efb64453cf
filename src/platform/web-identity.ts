// With which certificate a daemon serves its pages and REST (yarn.http.policy: HTTPS_ONLY): the operator's, or one of this host's own, made
// once and kept, so that a browser that was told to take it takes it after a restart, too. Its fingerprint is in the daemon's log.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KEYS } from '../common/config-keys.ts';
import { AppError } from '../common/errors.ts';
import type { Key } from '../common/key.ts';
import type { Logger } from '../common/ports.ts';
import type { Settings } from '../common/settings.ts';
import { makeSelfSigned } from './self-signed.ts';

type Pem = { readonly key: string; readonly cert: string };
export type WebPlace = { readonly address: string /** undefined: without TLS. */; readonly tls: Pem | undefined };

/**
 * Where it serves, and how. Source: YARN's HttpConfig, WebAppUtils.
 * @param addresses of the settings, without and with TLS
 * @throws AppError TLS_UNUSABLE
 */
export function webPlace(
  settings: Settings,
  dataDir: string,
  addresses: { readonly http: string; readonly https: string },
  logger: Logger,
): WebPlace {
  if (settings.need(KEYS.httpPolicy) === 'HTTP_ONLY') return { address: addresses.http, tls: undefined };
  const [cert, key] = [settings.get(KEYS.httpsCert), settings.get(KEYS.httpsKey)];
  const isOwn = cert === undefined && key === undefined;
  const tls = isOwn
    ? ownPem(join(dataDir, 'https.pem'), addresses.https.replace(/:\d+$/, ''))
    : { cert: read(KEYS.httpsCert, cert), key: read(KEYS.httpsKey, key) };
  const fingerprint = fingerprintOf(tls, isOwn ? join(dataDir, 'https.pem') : `${cert} and ${key}`);
  logger.info(
    `Pages and REST are served over TLS with ${isOwn ? 'a certificate of our own' : cert}; its SHA-256 fingerprint is ${fingerprint}`,
  );
  return { address: addresses.https, tls };
}

/** One file for both, so that nobody finds a key without its certificate; who makes it first wins, as with the cluster's secret. */
function ownPem(path: string, host: string): Pem {
  try {
    if (!existsSync(path)) make(path, host);
    const pem = readFileSync(path, 'utf8');
    const [key, cert] = ['PRIVATE KEY', 'CERTIFICATE'].map(
      (label) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`).exec(pem)?.[0],
    );
    if (key === undefined || cert === undefined) throw new Error('it holds no key and certificate; remove it, and a new one is made');
    return { cert, key };
  } catch (error) {
    throw new AppError('TLS_UNUSABLE', { detail: `${path}: ${(error as Error).message}` }, { cause: error });
  }
}

function make(path: string, host: string): void {
  const names = [hostname(), host, 'localhost', '127.0.0.1'].filter((name) => /^[\w.-]+$/.test(name));
  const { key, cert } = makeSelfSigned([...new Set(names)]);
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, key + cert, { mode: 0o600 });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read({ name }: Key, file: string | undefined): string {
  if (file === undefined) throw new AppError('TLS_UNUSABLE', { detail: `${name} is not set, and the other of the two is` });
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('TLS_UNUSABLE', { detail: `${name}: ${(error as Error).message}` }, { cause: error });
  }
}

/** SHA-256, `AB:CD:…`, as browsers and openssl show it. @throws AppError TLS_UNUSABLE */
function fingerprintOf({ cert, key }: Pem, files: string): string {
  try {
    const shown = new X509Certificate(cert);
    if (!shown.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not that of the certificate');
    return createHash('sha256').update(shown.raw).digest('hex').toUpperCase().match(/../g)!.join(':');
  } catch (error) {
    throw new AppError('TLS_UNUSABLE', { detail: `${files}: ${(error as Error).message}` }, { cause: error });
  }
}
