// One capacity as the file writes it: percent of the parent (`40`, `12.5%`), an absolute resource (`[memory=10240,vcores=12,yarn.io/gpu=2]`)
// or a weight among the children of one parent (`3w`). Source: YARN's CapacitySchedulerConfiguration.
import { type Resource, resource } from '../../../../common/resource.ts';

export type Amount =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'absolute'; readonly resource: Resource }
  | { readonly kind: 'weight'; readonly weight: number };

export const ALL: Amount = { kind: 'percent', percent: 100 };
export const NONE: Amount = { kind: 'percent', percent: 0 };

const MEMORY_UNITS: Readonly<Record<string, number>> = { '': 1, m: 1, g: 1024, t: 1024 ** 2 };

/** @returns what it means, or what was expected instead */
export function parseAmount(value: unknown): Amount | { readonly fault: string } {
  const text = String(value ?? '').trim();
  if (text.startsWith('[') || Array.isArray(value)) return absolute(Array.isArray(value) ? `[${value.join(',')}]` : text);
  const weight = /^(\d+(?:\.\d+)?)\s*w$/i.exec(text);
  if (weight) {
    const parsed = Number(weight[1]);
    return parsed > 0 ? { kind: 'weight', weight: parsed } : { fault: 'a weight above 0' };
  }
  const percent = typeof value === 'number' ? value : Number(text.replace(/\s*%$/, ''));
  if (text === '' || !Number.isFinite(percent) || percent < 0 || percent > 100)
    return { fault: 'a percentage from 0 to 100, a weight such as 3w, or resources such as [memory=10240,vcores=12]' };
  return { kind: 'percent', percent };
}

/** The same for a maximum, which is no weight. */
export function parseMaximum(value: unknown): Amount | { readonly fault: string } {
  const amount = parseAmount(value);
  if ('kind' in amount && amount.kind !== 'weight') return amount;
  return { fault: 'a percentage from 0 to 100, or resources such as [memory=10240,vcores=12]' };
}

export function amountText(amount: Amount): string {
  switch (amount.kind) {
    case 'percent':
      return String(amount.percent);
    case 'weight':
      return `${amount.weight}w`;
    case 'absolute': {
      const { memoryMb, vcores, others } = amount.resource;
      return `[memory=${memoryMb},vcores=${vcores}${Object.entries(others ?? {})
        .map(([name, n]) => `,${name}=${n}`)
        .join('')}]`;
    }
    default:
      return amount satisfies never;
  }
}

function absolute(text: string): Amount | { readonly fault: string } {
  const fault = { fault: 'resources such as [memory=10240,vcores=12,yarn.io/gpu=2]' };
  const inside = /^\[(.*)\]$/.exec(text)?.[1];
  if (inside === undefined) return fault;
  let [memoryMb, vcores] = [0, 0];
  const others: Record<string, number> = {};
  for (const part of inside.split(',')) {
    const m = /^\s*([A-Za-z][\w./-]*)\s*=\s*(\d+)\s*(?:([mgt])i?b?)?\s*$/i.exec(part);
    if (m === null) return fault;
    const [, name = '', digits, unit = ''] = m;
    if (/^memory(-mb)?$/.test(name)) memoryMb = Number(digits) * MEMORY_UNITS[unit.toLowerCase()]!;
    else if (unit !== '') return { fault: `${fault.fault}; only memory has a unit` };
    else if (name === 'vcores') vcores = Number(digits);
    else others[name] = Number(digits);
  }
  return { kind: 'absolute', resource: resource(memoryMb, vcores, others) };
}
