// AES as SQL has it: ECB, CBC and GCM; the initialisation vector stands before the text, GCM's tag after it. Source: ExpressionImplUtils of Spark 4.2.
import { type CipherGCMTypes, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SparkRuntimeException } from '../errors/spark-error.ts';
import { byRow, type JsFunction } from './js-function.ts';

const IV_BYTES = { ECB: 0, CBC: 16, GCM: 12 } as const;
const PADDINGS = { ECB: 'PKCS', CBC: 'PKCS', GCM: 'NONE' } as const;
const TAG_BYTES = 16;
type Mode = keyof typeof IV_BYTES;
type Direction = 'aes_encrypt' | 'aes_decrypt';

/** @throws SparkRuntimeException for lengths and modes that AES has not */
function checkedMode(name: Direction, key: Uint8Array, mode: string, padding: string, iv: Uint8Array, aad: Uint8Array): Mode {
  const functionName = `\`${name}\``;
  if (![16, 24, 32].includes(key.length))
    throw new SparkRuntimeException('INVALID_PARAMETER_VALUE.AES_KEY_LENGTH', {
      parameter: '`key`',
      functionName,
      actualLength: String(key.length),
    });
  const known = mode.toUpperCase();
  const isKnown = (m: string): m is Mode => Object.hasOwn(IV_BYTES, m);
  if (!isKnown(known) || ![PADDINGS[known] as string, 'DEFAULT'].includes(padding.toUpperCase()))
    throw new SparkRuntimeException('UNSUPPORTED_FEATURE.AES_MODE', { mode, padding, functionName });
  if (iv.length > 0 && known === 'ECB') throw new SparkRuntimeException('UNSUPPORTED_FEATURE.AES_MODE_IV', { mode: known, functionName });
  if (iv.length > 0 && iv.length !== IV_BYTES[known])
    throw new SparkRuntimeException('INVALID_PARAMETER_VALUE.AES_IV_LENGTH', {
      mode: known,
      parameter: '`iv`',
      functionName,
      actualLength: String(iv.length),
    });
  if (aad.length > 0 && known !== 'GCM') throw new SparkRuntimeException('UNSUPPORTED_FEATURE.AES_MODE_AAD', { mode: known, functionName });
  return known;
}

function encrypt(text: Uint8Array, key: Uint8Array, mode: string, padding: string, iv: Uint8Array, aad: Uint8Array): Uint8Array {
  const known = checkedMode('aes_encrypt', key, mode, padding, iv, aad);
  const start = iv.length > 0 ? iv : randomBytes(IV_BYTES[known]);
  const algorithm = `aes-${key.length * 8}-${known.toLowerCase()}`;
  if (known === 'GCM') {
    const cipher = createCipheriv(algorithm as CipherGCMTypes, key, start);
    if (aad.length > 0) cipher.setAAD(aad);
    return Buffer.concat([start, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  }
  const cipher = createCipheriv(algorithm, key, known === 'ECB' ? null : start);
  return Buffer.concat([start, cipher.update(text), cipher.final()]);
}

function decrypt(text: Uint8Array, key: Uint8Array, mode: string, padding: string, aad: Uint8Array): Uint8Array {
  const known = checkedMode('aes_decrypt', key, mode, padding, new Uint8Array(0), aad);
  const algorithm = `aes-${key.length * 8}-${known.toLowerCase()}`;
  const start = text.subarray(0, IV_BYTES[known]);
  const body = text.subarray(IV_BYTES[known]);
  try {
    if (known === 'GCM') {
      const decipher = createDecipheriv(algorithm as CipherGCMTypes, key, start);
      if (aad.length > 0) decipher.setAAD(aad);
      decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
      return Buffer.concat([decipher.update(body.subarray(0, body.length - TAG_BYTES)), decipher.final()]);
    }
    const decipher = createDecipheriv(algorithm, key, known === 'ECB' ? null : start);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (error) {
    throw new SparkRuntimeException('INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR', {
      parameter: '`expr`, `key`',
      functionName: '`aes_encrypt`/`aes_decrypt`',
      detailMessage: (error as Error).message,
    });
  }
}

const orNull =
  (f: (...args: Parameters<typeof decrypt>) => Uint8Array) =>
  (...args: Parameters<typeof decrypt>): Uint8Array | null => {
    try {
      return f(...args);
    } catch {
      return null;
    }
  };

export const JS_CRYPTO: readonly JsFunction[] = [
  {
    name: 'aes_encrypt',
    isVolatile: true,
    make: () => ({ parameterTypes: ['BLOB', 'BLOB', 'VARCHAR', 'VARCHAR', 'BLOB', 'BLOB'], returnType: 'BLOB', compute: byRow(encrypt) }),
  },
  {
    name: 'aes_decrypt',
    make: (mode) => ({
      parameterTypes: ['BLOB', 'BLOB', 'VARCHAR', 'VARCHAR', 'BLOB'],
      returnType: 'BLOB',
      compute: byRow(mode === 'try' ? orNull(decrypt) : decrypt),
    }),
  },
];
