// What must be true here whatever peers, users and disks do. A failed invariant is a defect of ours:
// the process stops (its peers recover), it is never caught to carry on. Operating errors live in errors.ts.

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError when `condition` is falsy. Use two calls rather than `a && b`, so that the message says which. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
