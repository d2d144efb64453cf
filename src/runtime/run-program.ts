// Runs a user's program in this process as if Node had been started with it, and ends the application with the program: however it ends.
// Exit codes: compat.md §1.4. What a context does at its end is driver/service/spark-context.ts.
import { spawnSync } from 'node:child_process';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { AppError } from '../common/errors.ts';
import type { SubmitConfig } from '../common/submit-config.ts';
import type { Ending } from './driver/service/cluster-manager.ts';
import { SparkContext } from './driver/service/spark-context.ts';
import { firstErrorLine } from './first-error.ts';
import { handleSignals } from './program-signals.ts';
import { ENGINE_DIR } from './session.ts';

type Program = Pick<SubmitConfig, 'primaryResource' | 'args' | 'entryFunction'>;

/** A program that asks for its end: `process.exit(3)`. Thrown so that what follows in the program does not run, as SystemExit in Python. */
class ExitRequested {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** How it ended; `unsettled`: the program awaits something at its top level that nothing will bring. */
type Outcome =
  | { readonly kind: 'ended' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'signal'; readonly name: string; readonly code: number }
  | { readonly kind: 'unsettled' };

/** So long the end may take, ms: then the process ends without a goodbye. By itself: a ResourceManager may be started again meanwhile (rm-session.ts). */
const END_LIMIT_MS = { byItself: 45_000, bySignal: 5_000 };

/** `lastLine`: what failed, in one line; to be the last that is printed. */
export type ProgramEnd = {
  readonly code: number;
  readonly ending: Ending;
  readonly threw: boolean;
  readonly lastLine: string | undefined;
};

/** @returns when program and application have ended */
export async function runProgram(program: Program, stderr: NodeJS.WritableStream): Promise<ProgramEnd> {
  process.argv = [process.execPath, program.primaryResource, ...program.args];
  const outcome = await watched(program);
  const code = exitCodeOf(outcome);
  const story = outcome.kind === 'failed' ? describe(outcome.error) : '';
  if (outcome.kind === 'failed') stderr.write(`${story}\n`);
  if (outcome.kind === 'unsettled') stderr.write(`Warning: Detected unsettled top-level await in ${program.primaryResource}\n`);
  const lastLine = lastLineOf(outcome, story);
  const ending = endingOf(outcome, code, `${lastLine}\n${story}`);
  await endApplication(ending, stderr);
  return { code, ending, threw: outcome.kind === 'failed', lastLine };
}

/** Programs that chose their exit code themselves, or were stopped by a signal, have no first error. */
function lastLineOf(outcome: Outcome, story: string): string | undefined {
  if (outcome.kind === 'unsettled') return 'the program ended while it awaited something that nothing will bring';
  if (outcome.kind === 'failed') return firstErrorLine(outcome.error, story, isOurs);
  const failure = outcome.kind === 'ended' ? SparkContext.active?.failure : undefined;
  return failure && firstErrorLine(failure, '', isOurs);
}

function watched(program: Program): Promise<Outcome> {
  const realExit = process.exit;
  return new Promise<Outcome>((resolve) => {
    let settled = false;
    let finished = false;
    const end = (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      resolve(outcome);
    };
    const failed = (error: unknown) => end(error instanceof ExitRequested ? { kind: 'exit', code: error.code } : { kind: 'failed', error });
    process.exit = ((code?: number | string) => {
      const asked = Number(code ?? process.exitCode ?? 0);
      // Nobody to say goodbye to: the process ends here, as the program expects.
      if (SparkContext.active === undefined || settled) realExit(asked);
      end({ kind: 'exit', code: asked });
      throw new ExitRequested(asked);
    }) as typeof process.exit;
    process.on('uncaughtException', failed);
    process.on('unhandledRejection', failed);
    handleSignals((name, code) => {
      if (settled) realExit(code); // the second one does not wait
      SparkContext.active?.cancelAllJobs(`because of ${name}`);
      end({ kind: 'signal', name, code });
    });
    // Nothing is left to do in this process: also what the program forgot to await has ended. (Our own handles don't count: they are unref'd.)
    process.on('beforeExit', () => end(finished ? { kind: 'ended' } : { kind: 'unsettled' }));
    importAndCall(program).then(() => {
      finished = true;
    }, failed);
  });
}

/** @throws AppError FILE_MISSING, USER_CLASS_NOT_FOUND, and what the program throws */
async function importAndCall({ primaryResource, args, entryFunction }: Program): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(primaryResource)) throw new AppError('FILE_MISSING', { what: 'The program', path: primaryResource });
  watchLoads();
  const module = (await import(pathToFileURL(primaryResource).href)) as Record<string, unknown>;
  const exports = { ...(typeof module['default'] === 'object' ? (module['default'] as object) : {}), ...module } as Record<string, unknown>;
  if (entryFunction === undefined) {
    if (typeof exports['main'] === 'function') await exports['main'](args);
    return;
  }
  const entry = exports[entryFunction] ?? exports[entryFunction.slice(entryFunction.lastIndexOf('.') + 1)];
  if (typeof entry !== 'function') throw new AppError('USER_CLASS_NOT_FOUND', { name: entryFunction });
  await entry(args);
}

function exitCodeOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'ended':
      return Number(process.exitCode ?? 0) || (SparkContext.active?.failure === undefined ? 0 : 1);
    case 'exit':
      return outcome.code;
    case 'signal':
      return outcome.code;
    case 'unsettled':
      return 13;
    case 'failed':
      return outcome.error instanceof AppError && outcome.error.code === 'USER_CLASS_NOT_FOUND' ? outcome.error.exitCode : 1;
    default:
      return outcome satisfies never;
  }
}

function endingOf(outcome: Outcome, exitCode: number, thrown: string): Ending {
  if (exitCode === 0) return { finalStatus: 'SUCCEEDED', diagnostics: '', exitCode };
  if (outcome.kind === 'signal') return { finalStatus: 'KILLED', diagnostics: `The driver got ${outcome.name}`, exitCode };
  if (outcome.kind === 'failed') return { finalStatus: 'FAILED', diagnostics: `User class threw exception: ${thrown}`, exitCode };
  return { finalStatus: 'FAILED', diagnostics: `User application exited with ${exitCode}`, exitCode };
}

async function endApplication(ending: Ending, stderr: NodeJS.WritableStream): Promise<void> {
  const context = SparkContext.active;
  if (context === undefined) return;
  const limitMs = ending.finalStatus === 'KILLED' ? END_LIMIT_MS.bySignal : END_LIMIT_MS.byItself;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      stderr.write(`The application did not end within ${limitMs} ms; the process ends without it.\n`);
      resolve();
    }, limitMs);
  });
  await Promise.race([
    context.stopWith(ending).catch((error: Error) => void stderr.write(`The application did not end well: ${error.message}\n`)),
    limit,
  ]);
  clearTimeout(timer);
}

/** The stack as Node would print it, without our frames; an operating error with its hint. */
function describe(error: unknown): string {
  if (!(error instanceof AppError))
    return (sourceOfSyntaxError(error) ?? inspect(error))
      .split('\n')
      .filter((line) => !isOurs(line))
      .join('\n');
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !isOurs(line))
    .filter((line) => !error.message.includes(line.trim()));
  const hint = error.hint === undefined ? [] : [`  Hint: ${error.hint}`];
  return [`Exception in thread "main" [${error.code}] ${error.message}`, ...frames, ...hint].join('\n');
}

const isOurs = (line: string): boolean =>
  /^\s+at .*(\bnode:[a-z_/]+:\d|\/node_modules\/emberloom\/)/.test(line) || (/^\s+at /.test(line) && line.includes(ENGINE_DIR));

/** V8 keeps the place of a module's syntax error to itself; a second look by `node --check` says it. Only for the file that was read last. */
function sourceOfSyntaxError(error: unknown): string | undefined {
  if (!(error instanceof SyntaxError) || lastLoaded === undefined || /^(file:\/\/)?\/[^\n]*:\d+\n/.test(error.stack ?? ''))
    return undefined;
  const checked = spawnSync(process.execPath, ['--check', fileURLToPath(lastLoaded)], { encoding: 'utf8' });
  return checked.status === 0 || checked.stderr === '' ? undefined : checked.stderr.split('\n').slice(0, 5).join('\n').trimEnd();
}

let lastLoaded: string | undefined;
function watchLoads(): void {
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) lastLoaded = url;
      return next(url, context);
    },
  });
}
