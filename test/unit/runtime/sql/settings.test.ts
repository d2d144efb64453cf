// Every setting that the SQL engine reads is in the list of settings, so that the command line knows it and docs/CONFIG.md says it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SPARK_KEYS } from '../../../../src/common/spark-keys.ts';

const ROOT = join(import.meta.dirname, '../../../../src/runtime/sql');
/** Read only where Spark reads them too and to no effect of ours, or names that are no settings of the session. */
const NOT_OURS =
  /^spark\.(sql\.(execution\.id|session\.user|caseSensitive|catalogImplementation|extensions|globalTempDatabase)|hadoop\..*)$/;

it('knows all settings that SQL reads, and no others', () => {
  const texts = globSync('**/*.ts', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const read = new Set(
    texts.flatMap((text) => [...text.matchAll(/'(spark\.(?:emberloom\.)?(?:sql|hadoop)\.[\w.]+\w)'/g)].map((m) => m[1]!)),
  );
  const known = new Set<string>(Object.values(SPARK_KEYS).map(({ name }) => name));
  const isStartOf = (part: string) => (name: string) => name.startsWith(`${part}.`);
  const isKnown = (name: string): boolean => known.has(name) || [...known].some(isStartOf(name));
  expect([...read].filter((name) => !isKnown(name) && !NOT_OURS.test(name)).sort()).toEqual([]);
  // `${START}.enabled`
  const isMade = (name: string): boolean =>
    [...read].some((part) => isStartOf(part)(name) && texts.some((text) => text.includes(`}${name.slice(part.length)}\``)));
  const ofSql = [...known].filter((name) => /^spark\.(emberloom\.)?sql\.(?!ui\.)/.test(name));
  expect(ofSql.filter((name) => !read.has(name) && !isMade(name)).sort()).toEqual([]);
});
