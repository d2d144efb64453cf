import { defineConfig } from 'vitest/config';

// One process per file keeps better-sqlite3, worker threads and sockets of one test away from the next.
export default defineConfig({
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/sim/**/*.sim.test.ts',
      'test/scenario/**/*.test.ts',
      'test/docs/**/*.test.ts',
      'test/pages/**/*.test.ts',
    ],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
  resolve: { alias: { emberloom: new URL('./src/index.ts', import.meta.url).pathname } },
});
