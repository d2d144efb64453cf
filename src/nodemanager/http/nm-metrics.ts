// /metrics of a NodeManager for Prometheus, and its JMX beans. Source of the beans' names: YARN's NodeManagerMetrics.
import { hostname } from 'node:os';
import { NOTHING, plus } from '../../common/resource.ts';
import type { Family, Sample } from '../../status/prometheus/text-format.ts';
import type { Bean } from '../../web/jmx.ts';
import type { ProcessFigures } from '../../web/process-figures.ts';
import type { NodeView } from '../service/node-view.ts';

const MB = 1024 * 1024;
const STATES = ['NEW', 'LOCALIZING', 'SCHEDULED', 'RUNNING', 'KILLING', 'EXITED_WITH_SUCCESS', 'EXITED_WITH_FAILURE', 'DONE'] as const;

function figuresOf(view: NodeView) {
  const states = new Map<string, number>(STATES.map((state) => [state, 0]));
  let allocated = NOTHING;
  for (const c of view.containers()) {
    states.set(c.tag, (states.get(c.tag) ?? 0) + 1);
    if (!('finishedAtMs' in c)) allocated = plus(allocated, c.resource);
  }
  return { states, allocated };
}

export function nmFamilies(view: NodeView, figures: ProcessFigures): Family[] {
  const { states, allocated } = figuresOf(view);
  const { memoryBytes, virtualBytes, cores } = view.usage();
  const { capacity } = view;
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
  const one = (name: string, help: string, value: number): Family => gauge(name, help, [{ labels: [], value }]);
  const kinds = (total: number, used: number): Sample[] => [
    { labels: [['kind', 'total']], value: total },
    { labels: [['kind', 'allocated']], value: used },
  ];
  return [
    gauge(
      'yarn_node_containers',
      'Containers that this node knows, by state.',
      [...states].map(([state, value]) => ({ labels: [['state', state]], value })),
    ),
    gauge(
      'yarn_node_memory_bytes',
      'Memory that this node offers, and that containers were given.',
      kinds(capacity.memoryMb * MB, allocated.memoryMb * MB),
    ),
    gauge('yarn_node_vcores', 'Vcores that this node offers, and that containers were given.', kinds(capacity.vcores, allocated.vcores)),
    one('yarn_node_containers_resident_bytes', 'Resident memory of all processes of all containers, at the last look.', memoryBytes),
    one('yarn_node_containers_virtual_bytes', 'Virtual memory of all processes of all containers, at the last look.', virtualBytes),
    one('yarn_node_containers_cores', 'Cores in use by all processes of all containers, between the last two looks.', cores),
    one(
      'yarn_node_healthy',
      '1: this node takes containers as far as it knows; 0: its disks or its health script say no.',
      view.health().healthy ? 1 : 0,
    ),
    ...figures.families(),
  ];
}

export function* nmBeans(view: NodeView, figures: ProcessFigures): Generator<Bean> {
  const { states, allocated } = figuresOf(view);
  const { capacity } = view;
  const at = (state: (typeof STATES)[number]) => states.get(state) ?? 0;
  yield {
    name: 'Hadoop:service=NodeManager,name=NodeManagerMetrics',
    modelerType: 'NodeManagerMetrics',
    'tag.Context': 'yarn',
    'tag.Hostname': hostname(),
    ContainersIniting: at('NEW') + at('LOCALIZING') + at('SCHEDULED'),
    ContainersRunning: at('RUNNING') + at('KILLING'),
    AllocatedGB: Math.ceil(allocated.memoryMb / 1024),
    AllocatedContainers: at('NEW') + at('LOCALIZING') + at('SCHEDULED') + at('RUNNING') + at('KILLING'),
    AvailableGB: Math.floor((capacity.memoryMb - allocated.memoryMb) / 1024),
    AllocatedVCores: allocated.vcores,
    AvailableVCores: capacity.vcores - allocated.vcores,
    ContainerUsedMemGB: Math.floor(view.usage().memoryBytes / 1024 / MB),
  };
  yield {
    name: 'Hadoop:service=NodeManager,name=JvmMetrics',
    modelerType: 'JvmMetrics',
    'tag.Hostname': hostname(),
    ...figures.jvmMetrics('NodeManager'),
  };
}
