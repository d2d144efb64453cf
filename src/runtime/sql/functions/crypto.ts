// Encryption. Source: AesEncrypt, AesDecrypt, TryAesDecrypt of Spark 4.2.
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { IN } from './coercion.ts';
import { bytes, js, scalar } from './make-specs.ts';
import type { FunctionSpec } from './spec.ts';

const text = (value: string): Expr => literal(value, T.STRING);
const MODES = [text('GCM'), text('DEFAULT')];
const filledUp =
  (...defaults: readonly Expr[]) =>
  (args: readonly Expr[]): readonly Expr[] => [...args, ...defaults.slice(args.length - 2)];

const decrypt = (name: string, mode: 'ansi' | 'try'): readonly FunctionSpec[] =>
  scalar(name, [bytes, bytes, IN.string, IN.string, bytes], T.BINARY, js('aes_decrypt', mode), {
    arity: [2, 5],
    coerce: filledUp(...MODES, text('')),
    nullable: true,
  });

export const CRYPTO: readonly FunctionSpec[] = [
  ...scalar('aes_encrypt', [bytes, bytes, IN.string, IN.string, bytes, bytes], T.BINARY, js('aes_encrypt'), {
    arity: [2, 6],
    coerce: filledUp(...MODES, text(''), text('')),
    nullable: true,
  }),
  ...decrypt('aes_decrypt', 'ansi'),
  ...decrypt('try_aes_decrypt', 'try'),
];
