// A node drawn to scale: its width is its memory against the largest node shown, each container's width its own share, free space is ground. A thin
// bar below says the same of vcores. Containers of one application have one colour.
import type { NodeView } from '../model/nodes.ts';
import { count, memory } from '../../browser/format.ts';
import { shortName, sizeText } from './amounts.tsx';
import { PageLink } from './page-links.tsx';

const COLOURS = 10;
/** The same for an application on every node and every page. */
export function appColour(applicationId: string): string {
  let hash = 0;
  for (const letter of applicationId) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `app-${hash % COLOURS}`;
}

export function NodeBar({ node, largestMb, tall = false }: { node: NodeView; largestMb: number; tall?: boolean }) {
  const { capacity, used, containers } = node;
  const width = `${(100 * capacity.memoryMb) / Math.max(1, largestMb)}%`;
  const words = `${count(containers.length)} containers, ${memory(used.memoryMb)} of ${memory(capacity.memoryMb)}, ${count(used.vcores)} of ${count(capacity.vcores)} vcores`;
  const others = Object.entries(capacity.others).filter(([, n]) => n > 0);
  return (
    <div class={`node-bar${tall ? ' tall' : ''}`}>
      <div class="node-box" style={{ width }} role="img" aria-label={words}>
        <div class="node-memory">
          {containers.map((c) => (
            <PageLink
              key={c.id}
              page={`apps/${c.applicationId}`}
              class={`box ${appColour(c.applicationId)}${c.state === 'RUNNING' ? '' : ' coming'}`}
              style={{ width: `${(100 * c.memoryMb) / Math.max(1, capacity.memoryMb)}%` }}
              title={`${c.id}\n${c.applicationName} of ${c.user}\n${sizeText(c)}, ${c.state.toLowerCase()}`}
              aria-label={`${c.id} of ${c.applicationName}, ${sizeText(c)}`}
              tabIndex={-1}
            >
              {tall ? c.applicationName : ''}
            </PageLink>
          ))}
        </div>
        <div class="node-vcores">
          {containers.map((c) => (
            <i
              key={c.id}
              class={`box ${appColour(c.applicationId)}`}
              style={{ width: `${(100 * c.vcores) / Math.max(1, capacity.vcores)}%` }}
            />
          ))}
        </div>
      </div>
      <small>
        {words}
        {others.map(([name, n]) => `, ${count(used.others[name] ?? 0)} of ${count(n)} ${shortName(name)}`)}
      </small>
    </div>
  );
}
