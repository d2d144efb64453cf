// yarn rmadmin: queues, nodes, groups, and which of several ResourceManagers is active. Source: YARN's RMAdminCLI.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { aNodeId } from '../../common/shape.ts';
import { nodeList, queuesRefresh } from '../../rpc/messages/client.ts';
import { groupsOfUser, nodeResource, nodesRefresh, settingsRefresh } from '../../rpc/messages/operators.ts';
import { EXIT_NOT_FOUND, type YarnCommand, type YarnIo } from './command.ts';
import { HA_OPTIONS, haAdmin } from './ha-admin.ts';
import { changeLabels, LABEL_OPTIONS } from './label-options.ts';
import type { ParsedOptions } from './options.ts';

const DEFAULT_TIMEOUT_S = 3_600;
const LOOK_MS = 500;

export const rmadminCommand: YarnCommand = {
  usage: 'rmadmin',
  options: {
    refreshQueues: {
      takes: 'none',
      help: 'Reload conf/capacity-scheduler.yaml. A file with a fault is refused whole and the queues stay as they are.',
    },
    refreshNodes: {
      takes: 'none',
      help: 'Read the files of nodes that may and may not be here again. Nodes that may not are taken out at once, or with -g when their last container has ended.',
    },
    g: {
      takes: 'optional',
      value: 'timeout in seconds',
      help: 'Works with -refreshNodes: wait for running containers, at most so long (default 3600).',
    },
    client: { takes: 'none', help: 'Works with -refreshNodes -g: come back when the nodes are out (default).' },
    server: { takes: 'none', help: 'Works with -refreshNodes -g: come back at once.' },
    updateNodeResource: {
      takes: 'list',
      value: 'NodeID MemSize vCores',
      help: 'What a node counts with from now on, over its restarts: MB and vcores.',
    },
    getGroups: { takes: 'optionalList', value: 'username', help: 'Get the groups which given users belong to; without one, yours.' },
    refreshAdminAcls: { takes: 'none', help: 'Read yarn.admin.acl and yarn.acl.enable again.' },
    refreshSuperUserGroupsConfiguration: { takes: 'none', help: 'Read hadoop.proxyuser.* again: who may act for whom.' },
    refreshUserToGroupsMappings: { takes: 'none', help: 'Forget the groups of users: they are asked for anew.' },
    ...LABEL_OPTIONS,
    ...HA_OPTIONS,
    help: { takes: 'none', help: 'Displays help for all commands.' },
  },
  async run(options, io) {
    if (options.has('refreshQueues')) {
      await io.rm.call(queuesRefresh, {});
      return 0;
    }
    if (options.has('refreshNodes')) return await refreshNodes(options, io);
    if (options.has('updateNodeResource')) return await updateNodeResource(options.all('updateNodeResource'), io);
    if (options.has('getGroups')) return await getGroups(options.all('getGroups'), io);
    for (const [option, what] of REFRESH) {
      if (!options.has(option)) continue;
      await io.rm.call(settingsRefresh, { what });
      return 0;
    }
    return await changeLabels(options, io);
  },
  before: haAdmin,
};

const REFRESH = [
  ['refreshAdminAcls', 'adminAcls'],
  ['refreshSuperUserGroupsConfiguration', 'superUserGroups'],
  ['refreshUserToGroupsMappings', 'userToGroups'],
] as const;

async function refreshNodes(options: ParsedOptions, { rm, err }: YarnIo): Promise<number> {
  const graceful = options.has('g');
  const said = options.one('g') ?? String(DEFAULT_TIMEOUT_S);
  if (!/^\d{1,9}$/.test(said)) throw new AppError('SUBMIT_USAGE', { reason: `-g takes a number of seconds, not ${said}` });
  const { leaving } = await rm.call(nodesRefresh, { graceful, timeoutMs: Number(said) * 1000 });
  if (!graceful || options.has('server')) return 0;
  const ids = new Set(leaving.map((n) => n.nodeId));
  // The ResourceManager keeps the time; it ends with it.
  for (;;) {
    const { nodes } = await rm.call(nodeList, {});
    const still = nodes.filter((n) => ids.has(n.nodeId) && n.state === 'DECOMMISSIONING');
    if (still.length === 0) return 0;
    err(`Waiting for ${still.map((n) => `${n.nodeId} (${n.runningContainers} containers)`).join(', ')}\n`);
    await pause(LOOK_MS);
  }
}

async function updateNodeResource([id = '', memory = '', vcores = '', ...more]: readonly string[], { rm, out }: YarnIo): Promise<number> {
  if (aNodeId.check(id, '') !== undefined || !/^\d{1,9}$/.test(memory) || !/^\d{1,6}$/.test(vcores) || more.length > 0)
    throw new AppError('SUBMIT_USAGE', { reason: '-updateNodeResource takes a node id, a number of MB and a number of vcores' });
  const capacity = { memoryMb: Number(memory), vcores: Number(vcores) };
  const node = await rm.call(nodeResource, { nodeId: id as never, capacity });
  out(`${node.nodeId} offers ${node.capacity.memoryMb} MB and ${node.capacity.vcores} vcores\n`);
  return 0;
}

/** `root : root`, as YARN prints them. */
async function getGroups(users: readonly string[], { rm, out, user }: YarnIo): Promise<number> {
  let code = 0;
  for (const name of users.length === 0 ? [user] : users) {
    const { groups } = await rm.call(groupsOfUser, { user: name });
    if (groups.length === 0) code = EXIT_NOT_FOUND;
    out(`${name} : ${groups.join(' ')}\n`);
  }
  return code;
}
