// Amounts of what a cluster has, as bars and words.
import { count, memory, percent } from '../../browser/format.ts';
import { Meter } from '../../browser/parts.tsx';

type Sizes = { readonly memoryMb: number; readonly vcores: number; readonly others?: Readonly<Record<string, number>> | undefined };

/** `2.0 GiB, 1 vcore, 1 gpu` */
export function sizeText({ memoryMb, vcores, others = {} }: Sizes): string {
  const more = Object.entries(others).flatMap(([name, n]) => (n > 0 ? [`${count(n)} ${shortName(name)}`] : []));
  return [memory(memoryMb), `${count(vcores)} ${vcores === 1 ? 'vcore' : 'vcores'}`, ...more].join(', ');
}

/** `yarn.io/gpu` is gpu to a reader. */
export const shortName = (resource: string): string => resource.slice(resource.lastIndexOf('/') + 1);

type UseProps = { readonly label: string; readonly used: number; readonly total: number; readonly show: (n: number) => string };
/** A large number with its bar, on the cluster's page and a node's. */
export function Use({ label, used, total, show }: UseProps) {
  return (
    <div class="stat">
      <h2>{label}</h2>
      <p class="figure">
        {show(used)} <small>of {show(total)}</small>
      </p>
      <Meter part={used} whole={total} text={percent(used, total)} label={label} calm />
    </div>
  );
}
