// The steps in which the cluster's secret is replaced on one host, while everything runs; bin/rotate-secret.sh takes all hosts through them:
//
//   stage    the new one lies in secret.next: daemons take it from others, and prove themselves with the old one
//   switch   it is `secret`, the old one secret.previous: they prove themselves with the new one, and take both
//   finish   secret.previous goes: the old one opens nothing, and connections that were made with it end
//
// A step begins on no host before the one ahead of it is done on all; each may be done again. docs/adr/0016.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';

export type SecretStep = 'stage' | 'switch' | 'finish';
/** done: false: it had been done before. */
export type StepTaken = { readonly step: SecretStep; readonly done: boolean };

const SECRET = /^[0-9a-f]{64}$/;

/** @param given for `stage`: the one that the first host has made; undefined: this is the first @throws AppError SECRET_STEP, DATA_DIR_UNUSABLE */
export function takeSecretStep(dataDir: string, step: SecretStep, given?: string): StepTaken {
  const [now, next, previous] = ['secret', 'secret.next', 'secret.previous'].map((name) => join(dataDir, name)) as [string, string, string];
  if (!existsSync(now)) throw refused(step, `there is no ${now}: this host has no part in a cluster yet; copy the secret once all is done`);
  try {
    if (step === 'stage') return stage(now, next, given);
    if (step === 'switch') return switchOver(now, next, previous);
    if (existsSync(next)) throw refused(step, `${next} is still there: the switch comes first`);
    const done = existsSync(previous);
    rmSync(previous, { force: true });
    return { step, done };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('DATA_DIR_UNUSABLE', { path: dataDir, detail: (error as Error).message }, { cause: error });
  }
}

function stage(now: string, next: string, given: string | undefined): StepTaken {
  if (given !== undefined && !SECRET.test(given)) throw refused('stage', 'what came is no secret: 64 hexadecimal digits');
  if (given === undefined && existsSync(next)) return { step: 'stage', done: false }; // one that was broken off goes on
  if (given !== undefined && given === readFileSync(now, 'utf8').trim()) return { step: 'stage', done: false };
  write(next, given ?? randomBytes(32).toString('hex'));
  return { step: 'stage', done: true };
}

function switchOver(now: string, next: string, previous: string): StepTaken {
  if (!existsSync(next)) {
    if (existsSync(previous)) return { step: 'switch', done: false };
    throw refused('switch', `there is no ${next}: staging comes first`);
  }
  // The old one is in both places for a moment, so whenever this ends a host takes both.
  write(previous, readFileSync(now, 'utf8').trim());
  renameSync(next, now);
  return { step: 'switch', done: true };
}

function write(file: string, secret: string): void {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(aside, file);
}

const refused = (step: SecretStep, reason: string) => new AppError('SECRET_STEP', { step, reason });
