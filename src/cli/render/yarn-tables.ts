// The tables of `yarn application|applicationattempt|container|node -list`, column for column as YARN's clients print them (golden:
// yarn-cli/*-list.stdout). Reports in, text out. The blocks of -status are in yarn-reports.ts.
import type { TypeOf } from '../../common/shape.ts';
import { resourceText } from '../../common/resource.ts';
import type { aLiveContainer, ApplicationReport, anAttemptReport, NodeReport } from '../../rpc/messages/shapes.ts';
import { longTime } from '../../common/java-time.ts';

export type AttemptReport = TypeOf<typeof anAttemptReport>;
export type LiveContainer = TypeOf<typeof aLiveContainer>;

/** Right-aligned columns, one tab between; a value wider than its column is printed whole. A name with a line's end in it makes no second row. */
const row = (widths: readonly number[], values: readonly (string | number)[]): string =>
  `${values.map((v, i) => oneLine(String(v)).padStart(widths[i]!)).join('\t')}\n`;
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
export const orNotAvailable = (text: string): string => text || 'N/A';

const APPLICATION = [30, 20, 20, 10, 10, 18, 18, 15, 35];
export type ListFilter = { readonly types: readonly string[]; readonly states: readonly string[]; readonly tags: readonly string[] };

export function applicationTable(applications: readonly ApplicationReport[], { types, states, tags }: ListFilter): string {
  return (
    `Total number of applications (application-types: [${types.join(', ')}], states: [${states.join(', ')}] and tags: [${tags.join(', ')}]):${applications.length}\n` +
    row(APPLICATION, [
      'Application-Id',
      'Application-Name',
      'Application-Type',
      'User',
      'Queue',
      'State',
      'Final-State',
      'Progress',
      'Tracking-URL',
    ]) +
    applications
      .map((a) =>
        row(APPLICATION, [
          a.applicationId,
          a.name,
          a.type,
          a.user,
          a.queue,
          a.state,
          a.finalStatus,
          `${a.progress}%`,
          orNotAvailable(a.trackingUrl),
        ]),
      )
      .join('')
  );
}

const ATTEMPT = [30, 20, 35, 35];

export function attemptTable(attempts: readonly AttemptReport[]): string {
  return (
    `Total number of application attempts :${attempts.length}\n` +
    row(ATTEMPT, ['ApplicationAttempt-Id', 'State', 'AM-Container-Id', 'Tracking-URL']) +
    attempts.map((a) => row(ATTEMPT, [a.attemptId, a.state, a.amContainerId ?? 'N/A', orNotAvailable(a.trackingUrl)])).join('')
  );
}

const CONTAINER = [30, 20, 20, 20, 20, 20, 35];

/** Where the pages of a container's node and of its logs are; '' where its node has none. They work while it runs and after. */
export type ContainerLink = { readonly nodeUrl: string; readonly logUrl: string };
export const NO_LINK: ContainerLink = { nodeUrl: '', logUrl: '' };

export function containerTable(containers: readonly LiveContainer[], linkOf: (c: LiveContainer) => ContainerLink = () => NO_LINK): string {
  return (
    `Total number of containers :${containers.length}\n` +
    row(CONTAINER, ['Container-Id', 'Start Time', 'Finish Time', 'State', 'Host', 'Node Http Address', 'LOG-URL']) +
    containers
      .map((c) => {
        const { nodeUrl, logUrl } = linkOf(c);
        const times = [timeOrNot(c.startedAtMs), timeOrNot(c.finishedAtMs)];
        return row(CONTAINER, [c.containerId, ...times, c.state, c.nodeId, orNotAvailable(nodeUrl), orNotAvailable(logUrl)]);
      })
      .join('')
  );
}

const timeOrNot = (ms: number): string => (ms === 0 ? 'N/A' : longTime(ms));

const NODE = [16, 15, 17, 28];

export function nodeTable(nodes: readonly NodeReport[], details: boolean): string {
  return (
    `Total Nodes:${nodes.length}\n` +
    row(NODE, ['Node-Id', 'Node-State', 'Node-Http-Address', 'Number-of-Running-Containers']) +
    nodes
      .map((n) => row(NODE, [n.nodeId, n.state, orNotAvailable(n.httpAddress), n.runningContainers]) + (details ? nodeDetails(n) : ''))
      .join('')
  );
}

function nodeDetails(node: NodeReport): string {
  return `Detailed Node Information :
\tConfigured Resources : ${resourceText(node.capacity)}
\tAllocated Resources : ${resourceText(node.used)}
\tResource Utilization by Node : 
\tResource Utilization by Containers : 
\tNode-Labels : ${node.label ?? ''}
`;
}
