// The programs that the chaos runner runs over and over. Each prints the same text in every run, whatever breaks: the answer is taken
// once from a run on local[2] in which nothing breaks.
import { join } from 'node:path';
import { HOME } from './cluster.ts';

export type Program = {
  readonly name: string;
  readonly file: string;
  readonly arguments: readonly string[];
  /** Gets an empty folder of the round's own as its last argument. */
  readonly wantsFolder?: boolean;
};

const example = (name: string, ...args: string[]): Program => ({ name, file: join(HOME, 'examples', `${name}.ts`), arguments: args });
const app = (name: string, ...args: string[]): Program => ({ name, file: join(HOME, 'test/fixtures/apps', `${name}.ts`), arguments: args });
const own = (name: string, ...args: string[]): Program => ({
  name,
  file: join(HOME, 'test/chaos/programs', `${name}.ts`),
  arguments: args,
});

export const PROGRAMS: readonly Program[] = [
  app('shuffling', '300000', '8'),
  app('shuffling', '100000', '20'),
  example('page-rank'),
  example('k-means'),
  example('log-report'),
  // Texts that nobody edits while it runs.
  example('word-count', join(HOME, 'LICENSE'), join(HOME, 'examples/data')),
  own('cached', '200000', '12'),
  { ...own('heap-once'), wantsFolder: true },
];
