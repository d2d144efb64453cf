// expect.poll with the patience that a machine with many tests on it needs: it looks every 10 ms, and gives up after 15 s.
import { expect } from 'vitest';

export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000, interval: 10 });
