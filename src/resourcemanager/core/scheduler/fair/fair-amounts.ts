// Amounts of resources in the allocations file: `10000 mb, 4 vcores`, `50% memory, 25% cpu`, `50%`, `memory-mb=4096, vcores=25%,
// yarn.io/gpu=2`. And what they come to in a cluster of some size. Source: YARN's FairSchedulerConfiguration.parseResourceConfigValue.
import type { Resource } from '../../../../common/resource.ts';
import type { Amount, Amounts } from './fair-config.ts';

/** @throws through `refuse`, with a sentence */
export function amountsFrom(text: string, refuse: (detail: string) => never): Amounts {
  const all = /^\s*(-?[\d.]+)\s*%\s*$/.exec(text);
  if (all !== null) {
    const part = { partOfCluster: partOf(all[1]!, text, refuse) };
    return { memory: part, vcores: part, others: new Map() };
  }
  let memory: Amount;
  let vcores: Amount;
  const others = new Map<string, Amount>();
  for (const piece of text.split(BETWEEN)) {
    const [name, amount] = amountOf(piece, text, refuse);
    if (name === 'memory') memory = amount;
    else if (name === 'vcores') vcores = amount;
    else others.set(name, amount);
  }
  return { memory, vcores, others };
}

/** A comma, or a space after one amount and before the next: `4096 mb 4 vcores`. */
const BETWEEN = /,|(?<=[a-z])\s+(?=-?\d)/i;
const WORDS: Readonly<Record<string, string>> = {
  mb: 'memory',
  memory: 'memory',
  'memory-mb': 'memory',
  vcores: 'vcores',
  vcore: 'vcores',
  cpu: 'vcores',
};

function amountOf(piece: string, text: string, refuse: (detail: string) => never): [string, Amount] {
  const expected = 'expected such as "4096 mb, 4 vcores", "50% memory, 25% cpu", "50%" or "memory-mb=4096, vcores=4"';
  const named = /^\s*([A-Za-z][\w./-]*)\s*=\s*(-?[\d.]+)\s*(%?)\s*$/.exec(piece);
  const plain = /^\s*(-?[\d.]+)\s*(%?)\s*([A-Za-z][\w-]*)\s*$/.exec(piece);
  const found = named
    ? { name: named[1]!, number: named[2]!, isPart: named[3] === '%' }
    : plain && { name: plain[3]!, number: plain[1]!, isPart: plain[2] === '%' };
  if (!found) return refuse(`${JSON.stringify(text)} is no amount of resources; ${expected}`);
  const name =
    WORDS[found.name.toLowerCase()] ??
    (named ? found.name : refuse(`${JSON.stringify(text)}: there is no resource ${found.name}; ${expected}`));
  if (found.isPart) return [name, { partOfCluster: partOf(found.number, text, refuse) }];
  const is = Number(found.number);
  if (!(is >= 0) || !Number.isFinite(is)) return refuse(`${JSON.stringify(text)}: ${found.number} is no number ≥ 0`);
  return [name, { is: Math.floor(is) }];
}

function partOf(number: string, text: string, refuse: (detail: string) => never): number {
  const percent = Number(number);
  return percent >= 0 && Number.isFinite(percent) ? percent / 100 : refuse(`${JSON.stringify(text)}: ${number} % is no percentage`);
}

/** In a cluster of that size. @param otherwise for what is not said: 0 of a minimum, Infinity of a maximum */
export function amountsIn(
  { memory, vcores, others }: Amounts,
  total: Resource,
  otherwise: number,
): Required<Pick<Resource, 'memoryMb' | 'vcores'>> & { others: Record<string, number> } {
  const of = (amount: Amount, all: number): number =>
    amount === undefined ? otherwise : 'is' in amount ? amount.is : Math.floor(amount.partOfCluster * all + 1e-6);
  return {
    memoryMb: of(memory, total.memoryMb),
    vcores: of(vcores, total.vcores),
    others: Object.fromEntries([...others].map(([name, amount]) => [name, of(amount, total.others?.[name] ?? 0)])),
  };
}
