// Memory, vcores and countable resources (`yarn.io/gpu`, any name), YARN's Resource: fits, plus, minus, the dominant share.

/** Amounts of countable resources by name; a name that is absent is 0. */
export type Others = Readonly<Record<string, number>>;
export type Resource = { readonly memoryMb: number; readonly vcores: number; readonly others?: Others | undefined };

export const NOTHING: Resource = { memoryMb: 0, vcores: 0 };

/** `others` is left out where it would say nothing, so equal resources are equal objects. */
export function resource(memoryMb: number, vcores: number, others?: Others): Resource {
  if (others === undefined) return { memoryMb, vcores };
  const counted = Object.entries(others).filter(([, amount]) => amount !== 0);
  return counted.length === 0 ? { memoryMb, vcores } : { memoryMb, vcores, others: Object.fromEntries(counted) };
}

export const plus = (a: Resource, b: Resource): Resource => combine(a, b, 1);
export const minus = (a: Resource, b: Resource): Resource => combine(a, b, -1);

export function fits(free: Resource, want: Resource): boolean {
  if (free.memoryMb < want.memoryMb || free.vcores < want.vcores) return false;
  if (want.others === undefined) return true;
  for (const name in want.others) if (amountOf(free, name) < want.others[name]!) return false;
  return true;
}

export const sameResource = (a: Resource, b: Resource): boolean => fits(a, b) && fits(b, a);

/** How much of one countable resource. */
export const amountOf = ({ others }: Resource, name: string): number => others?.[name] ?? 0;

/** The largest of each. */
export function atLeast(a: Resource, b: Resource): Resource {
  const [memoryMb, vcores] = [Math.max(a.memoryMb, b.memoryMb), Math.max(a.vcores, b.vcores)];
  if (a.others === undefined && b.others === undefined) return { memoryMb, vcores };
  const others: Record<string, number> = { ...a.others };
  for (const name in b.others) others[name] = Math.max(others[name] ?? 0, b.others[name]!);
  return resource(memoryMb, vcores, others);
}

/** The smallest of each. */
export function atMost(a: Resource, b: Resource): Resource {
  const [memoryMb, vcores] = [Math.min(a.memoryMb, b.memoryMb), Math.min(a.vcores, b.vcores)];
  if (a.others === undefined || b.others === undefined) return { memoryMb, vcores };
  const others: Record<string, number> = {};
  for (const name in a.others) others[name] = Math.min(a.others[name]!, amountOf(b, name));
  return resource(memoryMb, vcores, others);
}

/** Every amount times `factor`, rounded down. */
export function times({ memoryMb, vcores, others }: Resource, factor: number): Resource {
  const down = (amount: number) => Math.floor(amount * factor + 1e-6);
  return resource(down(memoryMb), down(vcores), others && Object.fromEntries(Object.entries(others).map(([name, n]) => [name, down(n)])));
}

/** The largest part of `total` that `used` takes of any resource. Source: YARN's DominantResourceCalculator. */
export function dominantShare(used: Resource, total: Resource): number {
  const part = (amount: number, all: number) => (amount <= 0 ? 0 : all > 0 ? amount / all : Number.POSITIVE_INFINITY);
  let share = Math.max(part(used.memoryMb, total.memoryMb), part(used.vcores, total.vcores));
  for (const name in used.others) share = Math.max(share, part(used.others[name]!, amountOf(total, name)));
  return share;
}

/** Text form of YARN's Resource.toString: `<memory:2048, vCores:1, yarn.io/gpu: 2>`. */
export function resourceText({ memoryMb, vcores, others }: Resource): string {
  const more = Object.entries(others ?? {})
    .filter(([, amount]) => amount !== 0)
    .map(([name, amount]) => `, ${name}: ${amount}`);
  return `<memory:${memoryMb}, vCores:${vcores}${more.join('')}>`;
}

function combine(a: Resource, b: Resource, sign: 1 | -1): Resource {
  const [memoryMb, vcores] = [a.memoryMb + sign * b.memoryMb, a.vcores + sign * b.vcores];
  if (a.others === undefined && b.others === undefined) return { memoryMb, vcores };
  const others: Record<string, number> = { ...a.others };
  for (const name in b.others) others[name] = (others[name] ?? 0) + sign * b.others[name]!;
  return resource(memoryMb, vcores, others);
}
