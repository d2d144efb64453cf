// `run-example word-count`: which file in examples/ is meant. Names may be written as Spark's classes are (SparkPi, JavaWordCount).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^.*\./, '')
    .replace(/^java/, '')
    .replace(/^spark/, '')
    .replace(/[^a-z0-9]/g, '');

/** @throws AppError SUBMIT_USAGE, listing the examples there are */
export function findExample(name: string, home: string): string {
  const folder = join(home, 'examples');
  const examples = readdirSync(folder).filter((file) => /\.[mc]?[jt]s$/.test(file));
  const stem = (file: string) => file.replace(/\.[mc]?[jt]s$/, '');
  const wanted = name.replace(/^.*\//, '').replace(/\.[mc]?[jt]s$/, '');
  const found = examples.find((file) => stem(file) === wanted) ?? examples.find((file) => plain(stem(file)) === plain(wanted));
  if (found !== undefined) return join(folder, found);
  const meant = nearest(wanted, examples.map(stem));
  throw new AppError('SUBMIT_USAGE', {
    reason: `There is no example ${name}${meant === undefined ? '.' : `; did you mean ${meant}?`} Examples: ${examples.map(stem).join(', ')}`,
  });
}
