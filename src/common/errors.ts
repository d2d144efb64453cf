// Operating errors: expected, handled, told to a person. Each has a code, parameters as data, a sentence, a hint, an exit code.
// Over a wire or a worker thread an error travels as {code, params}; the sentence is made where it is shown.
// docs/ERRORS.md is held to this list, both ways, by a test. Invariants (our own defects) are not here: invariant.ts.
import { ERRORS } from './error-registry.ts';

type Registry = typeof ERRORS;
export type ErrorCode = keyof Registry;
export type Params<C extends ErrorCode> = Registry[C] extends ErrorKind<infer P> ? P : never;

export type ErrorKind<P> = {
  /** The process's exit code when this ends a command. Spark's and YARN's where they have one, else 1. */
  readonly exit: number;
  readonly say: (params: P) => string;
  readonly hint?: string | ((params: P) => string);
};

/** An operating error. `params` travel on the wire as data. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly params: Params<C>;

  constructor(code: C, params: Params<C>, options?: { cause?: unknown }) {
    super(sentence(code, params), options);
    this.code = code;
    this.params = params;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  get hint(): string | undefined {
    return hintOf(this.code, this.params);
  }

  /** For logs: what happened, and what to do. */
  get inOneLine(): string {
    const end = /[.?!]$/.test(this.message) ? '' : '.';
    return this.hint === undefined ? this.message : `${this.message}${end} ${this.hint}`;
  }
}

export function sentence<C extends ErrorCode>(code: C, params: Params<C>): string {
  return (ERRORS[code] as unknown as ErrorKind<Params<C>>).say(params);
}

export function hintOf<C extends ErrorCode>(code: C, params: Params<C>): string | undefined {
  const { hint } = ERRORS[code] as unknown as ErrorKind<Params<C>>;
  return typeof hint === 'function' ? hint(params) : hint;
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** From the wire. A code we do not know (a newer peer) or parameters that do not fit stay readable as PEER_FAILED. */
export function errorFromWire(code: string, params: unknown): AppError {
  if (isErrorCode(code)) {
    try {
      return new AppError(code, (params ?? {}) as never);
    } catch {
      // parameters of another version: fall through
    }
  }
  return new AppError('PEER_FAILED', { code, detail: JSON.stringify(params ?? {}) });
}

/** What a handler threw, as data for the wire. Anything that is not an AppError is our own defect and says so. */
export function errorToWire(error: unknown): { code: ErrorCode; params: unknown } {
  if (error instanceof AppError) return { code: error.code, params: error.params };
  return { code: 'INTERNAL', params: { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
}
