// Operating errors of availability: leases, standbys, faults of the state store. Part of ERRORS (error-registry.ts).
import type { ErrorKind } from './errors.ts';

const error = <P = Record<never, never>>(kind: ErrorKind<P>): ErrorKind<P> => kind;

export const HA_ERRORS = {
  LEASE_LOST: error<{ by: string; epoch: number; own: number }>({
    exit: 75,
    say: (p) =>
      `This ResourceManager is not the active one any more: ${p.by} has the state store since epoch ${p.epoch}, this one had epoch ${p.own}.`,
    hint: 'Nothing is to be done: what it had told stands, and the other one goes on from there.',
  }),
  RM_STANDBY: error<{ id: string }>({
    exit: 75,
    say: (p) => `ResourceManager ${p.id} stands by; another one is active.`,
    hint: 'yarn rmadmin -getAllServiceState says which.',
  }),
  HA_TRANSITION_REFUSED: error<{ id: string; reason: string }>({
    exit: 255,
    say: (p) => `${p.id}: ${p.reason}`,
  }),
  STORE_UNWRITABLE: error<{ path: string; detail: string }>({
    exit: 75,
    say: (p) => `The ResourceManager takes no new work: its state store ${p.path} can't be written (${p.detail}). What runs goes on.`,
    hint: 'Make room on that disk, or make it writable again; the ResourceManager goes on by itself within a second.',
  }),
  STORE_CORRUPT: error<{ path: string; detail: string; backup?: string | undefined }>({
    exit: 74,
    say: (p) => `The state store ${p.path} is damaged: ${p.detail}. Nothing was changed.`,
    hint: (p) =>
      `emberloom resourcemanager repair makes a new one from ${p.backup === undefined ? 'what can still be read (there is no backup)' : `the backup ${p.backup} and what can still be read`}, and keeps the damaged file.`,
  }),
};
