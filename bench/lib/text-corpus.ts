/**
 * A text of a given size that is the same on every machine: made-up words whose frequencies follow Zipf's law, in lines of
 * 4 to 16 words with punctuation. ASCII, one space between words, no empty line, so every language splits it alike.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WORK } from './paths.ts';

const SEED = 20_261;
const VOCABULARY = 120_000;
/** Zipf's exponent; about 1 for natural languages. */
const EXPONENT = 1.05;

/** @returns the path of the text, which is made on the first call (about 5 s for 200 MB) */
export function textCorpus(megabytes: number): string {
  const path = join(WORK, `text-${megabytes}mb-seed${SEED}.txt`);
  if (existsSync(path)) return path;
  console.error(`making ${path}`);
  mkdirSync(WORK, { recursive: true });
  const random = xorshift(SEED);
  const draw = aliasSampler(
    Array.from({ length: VOCABULARY }, (_, rank) => 1 / (rank + 1) ** EXPONENT),
    random,
  );
  const words = vocabulary(random);
  const file = openSync(`${path}.partial`, 'w');
  for (let left = megabytes * 1_000_000; left > 0; ) {
    let block = '';
    while (block.length < 1_000_000) block += `${line(4 + Math.floor(random() * 13), () => words[draw()] ?? '', random)}\n`;
    left -= writeSync(file, block);
  }
  closeSync(file);
  renameSync(`${path}.partial`, path);
  return path;
}

function line(length: number, word: () => string, random: () => number): string {
  const words = Array.from({ length }, () => (random() < 0.08 ? `${word()},` : word()));
  const [first = ''] = words;
  words[0] = first.charAt(0).toUpperCase() + first.slice(1);
  return `${words.join(' ')}.`;
}

/** Words of one to four syllables, all different; the first, which Zipf makes frequent, are short as in real languages. */
function vocabulary(random: () => number): string[] {
  const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'w', 'st', 'tr', 'pl', 'sh', 'th', ''];
  const cores = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ai'];
  const codas = ['', '', '', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'st'];
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(0.6 * (Math.log10(words.size + 10) - 1) + random() * 0.8);
    words.add(Array.from({ length: syllables }, () => pick(onsets) + pick(cores) + pick(codas)).join(''));
  }
  return [...words];
}

/** Draws an index with the given weights in constant time. Source: Vose's form of Walker's alias method (1991). */
function aliasSampler(weights: readonly number[], random: () => number): () => number {
  const scale = weights.length / weights.reduce((a, b) => a + b, 0);
  const share = Float64Array.from(weights, (w) => w * scale);
  const alias = new Int32Array(weights.length);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, index) => (value < 1 ? small : large).push(index));
  while (small.length > 0 && large.length > 0) {
    const less = small.pop() as number;
    const more = large.at(-1) as number;
    alias[less] = more;
    share[more] = (share[more] as number) + (share[less] as number) - 1;
    if ((share[more] as number) < 1) small.push(large.pop() as number);
  }
  for (const index of [...small, ...large]) share[index] = 1;
  return () => {
    const index = Math.floor(random() * weights.length);
    return random() < (share[index] as number) ? index : (alias[index] as number);
  };
}

/** Marsaglia's xorshift32 (2003): enough for word frequencies, and equal everywhere. @returns numbers in [0, 1) */
function xorshift(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
