// Reads what the scheduler in force goes by: capacity-scheduler.yaml (or YARN's capacity-scheduler.xml, where there is none), or
// fair-scheduler.xml (or .yaml), which is read again at every refresh. How files are read comes in; what they mean is core/scheduler/**, core/queue-policies.ts and core/acls/queue-acls.ts.
import { AppError } from '../../common/errors.ts';
import { siteProperties, withoutEffectText } from '../../common/site-xml.ts';
import { parseXml } from '../../common/xml-lines.ts';
import { takeQueueAcls } from '../core/acls/queue-acls.ts';
import type { Property } from '../core/placement/queue-mappings.ts';
import { NO_POLICIES, policiesFrom, type QueuesRead, withoutPolicies } from '../core/queue-policies.ts';
import { elementsFromYaml } from '../core/scheduler/fair/allocations-yaml.ts';
import { allocationsFrom, type FairSettings, noAllocations } from '../core/scheduler/fair/allocations.ts';
import { fifoConfig } from '../core/scheduler/fair/fair-config.ts';
import { DEFAULT_QUEUES, queuesFrom } from '../core/scheduler/queue-config.ts';
import type { SchedulerKind } from '../core/scheduler/scheduler-port.ts';

export type QueueFiles = {
  readonly kind: SchedulerKind;
  readonly fair: FairSettings;
  /** Undefined: there is none, and that is right. One that is not there: the same name with .xml counts. */
  readonly capacityFile: string | undefined;
  /** The first that is there counts. */
  readonly fairFiles: readonly string[];
  readonly exists: (file: string) => boolean;
  /** What an operator should know of a file that is taken. */
  readonly warn: (text: string) => void;
  readonly readText: (file: string) => string;
  readonly readYaml: (file: string) => Promise<{
    readonly properties: readonly Property[];
    readonly fault?: { readonly line: number; readonly detail: string };
  }>;
};

/** @throws AppError QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE */
export function readQueues(files: QueueFiles): Promise<QueuesRead> {
  switch (files.kind) {
    case 'capacity':
      return capacityQueues(files);
    case 'fair':
      return fairQueues(files);
    case 'fifo':
      return Promise.resolve({ queues: fifoConfig(), policies: NO_POLICIES });
    default:
      return files.kind satisfies never;
  }
}

async function capacityQueues(files: QueueFiles): Promise<QueuesRead> {
  const { capacityFile, exists, readYaml, readText, warn } = files;
  const file = capacityFile && [capacityFile, capacityFile.replace(/\.ya?ml$/i, '.xml')].find(exists);
  if (file === undefined) return { queues: DEFAULT_QUEUES, policies: NO_POLICIES };
  const forYarn = file.toLowerCase().endsWith('.xml');
  const { properties, fault } = forYarn ? siteProperties(readXml(file, readText)) : await readYaml(file);
  if (fault !== undefined) throw new AppError('QUEUE_CONFIG_INVALID', { file, ...fault });
  const { rest, aclsFor } = takeQueueAcls(file, properties);
  const leftOut: Property[] = [];
  const queues = queuesFrom(file, withoutPolicies(rest), forYarn ? (p) => leftOut.push(p) : undefined);
  const told = withoutEffectText(file, leftOut);
  if (told !== undefined) warn(told);
  return { queues, policies: { ...policiesFrom(file, rest, queues.root), acls: aclsFor(queues.root) } };
}

async function fairQueues({ fairFiles, fair, exists, readYaml, readText }: QueueFiles): Promise<QueuesRead> {
  const file = fairFiles.find(exists);
  if (file === undefined) return noAllocations(fair);
  if (/\.ya?ml$/i.test(file)) {
    const { properties, fault } = await readYaml(file);
    if (fault !== undefined) throw new AppError('QUEUE_CONFIG_INVALID', { file, ...fault });
    return allocationsFrom(file, elementsFromYaml(file, properties), fair);
  }
  const parsed = parseXml(readXml(file, readText));
  if ('fault' in parsed) throw new AppError('QUEUE_CONFIG_INVALID', { file, ...parsed.fault });
  return allocationsFrom(file, parsed.root, fair);
}

function readXml(file: string, readText: QueueFiles['readText']): string {
  try {
    return readText(file);
  } catch (error) {
    throw new AppError('CONFIG_BAD_FILE', { file, detail: (error as Error).message }, { cause: error });
  }
}
