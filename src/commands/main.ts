// The `emberloom` program: oclif with this table of commands. The table is explicit, so that one bundle holds everything and nothing is
// searched for on disk at the start.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, Errors, flush, run } from '@oclif/core';
import { endWithReader, exitCodeOfOutput } from '../cli/lost-output.ts';
import { packageHome } from '../cli/package-home.ts';
import { nearest } from '../common/suggest.ts';
import ApplicationChange from './application/change.ts';
import ApplicationKill from './application/kill.ts';
import ApplicationList from './application/list.ts';
import ApplicationLogs from './application/logs.ts';
import ApplicationStatus from './application/status.ts';
import AttemptFail from './attempt/fail.ts';
import ClusterRefresh from './cluster/refresh.ts';
import ClusterStatus from './cluster/status.ts';
import Doctor from './doctor.ts';
import ContainerList from './container/list.ts';
import ContainerSignal from './container/signal.ts';
import ExtensionsInstall from './extensions/install.ts';
import ExtensionsList from './extensions/list.ts';
import HistoryCompare from './history/compare.ts';
import HistoryList from './history/list.ts';
import HistoryStart from './history/start.ts';
import HistoryStop from './history/stop.ts';
import LabelChange from './label/change.ts';
import LabelList from './label/list.ts';
import NodeDecommission from './node/decommission.ts';
import NodeList from './node/list.ts';
import NodeRecommission from './node/recommission.ts';
import NodeRefresh from './node/refresh.ts';
import NodeResize from './node/resize.ts';
import NodeManagerStart from './nodemanager/start.ts';
import NodeManagerStop from './nodemanager/stop.ts';
import QueueRefresh from './queue/refresh.ts';
import QueueStatus from './queue/status.ts';
import ResourceManagerRepair from './resourcemanager/repair.ts';
import ResourceManagerStart from './resourcemanager/start.ts';
import ResourceManagerStop from './resourcemanager/stop.ts';
import Run from './run.ts';
import Submit from './submit.ts';
import SecretStep from './secret/step.ts';
import Top from './top.ts';
import UserAdd from './user/add.ts';
import UserGroups from './user/groups.ts';
import UserList from './user/list.ts';
import UserRevoke from './user/revoke.ts';
import UserToken from './user/token.ts';

/** Read by oclif through `commands.target` below: this very file, which Node.js has loaded already. */
export const COMMANDS: Readonly<Record<string, Command.Class>> = {
  doctor: Doctor as never,
  run: Run as never,
  submit: Submit as never,
  top: Top as never,
  'application:change': ApplicationChange as never,
  'application:kill': ApplicationKill as never,
  'application:list': ApplicationList as never,
  'application:logs': ApplicationLogs as never,
  'application:status': ApplicationStatus as never,
  'attempt:fail': AttemptFail as never,
  'cluster:refresh': ClusterRefresh as never,
  'cluster:status': ClusterStatus as never,
  'container:list': ContainerList as never,
  'container:signal': ContainerSignal as never,
  'extensions:install': ExtensionsInstall as never,
  'extensions:list': ExtensionsList as never,
  'history:compare': HistoryCompare as never,
  'history:list': HistoryList as never,
  'history:start': HistoryStart as never,
  'history:stop': HistoryStop as never,
  'label:change': LabelChange as never,
  'label:list': LabelList as never,
  'node:decommission': NodeDecommission as never,
  'node:recommission': NodeRecommission as never,
  'node:list': NodeList as never,
  'node:refresh': NodeRefresh as never,
  'node:resize': NodeResize as never,
  'nodemanager:start': NodeManagerStart as never,
  'nodemanager:stop': NodeManagerStop as never,
  'queue:refresh': QueueRefresh as never,
  'queue:status': QueueStatus as never,
  'resourcemanager:repair': ResourceManagerRepair as never,
  'resourcemanager:start': ResourceManagerStart as never,
  'resourcemanager:stop': ResourceManagerStop as never,
  'secret:step': SecretStep as never,
  'user:add': UserAdd as never,
  'user:groups': UserGroups as never,
  'user:list': UserList as never,
  'user:revoke': UserRevoke as never,
  'user:token': UserToken as never,
};

/** Hook of oclif: a command that there is not. */
export const NOT_FOUND = async ({ id }: { id: string }): Promise<void> => {
  const meant = nearest(
    id.replaceAll(':', ' '),
    Object.keys(COMMANDS).map((name) => name.replaceAll(':', ' ')),
  );
  throw new Errors.CLIError(
    `there is no command ${id.replaceAll(':', ' ')}.${meant === undefined ? ' `emberloom --help` lists them.' : ` Did you mean emberloom ${meant}?`}`,
    { exit: 2 },
  );
};

const TOPICS = {
  application: { description: 'Applications: list, status, change, kill, logs.' },
  attempt: { description: 'Attempts of an application: fail.' },
  cluster: { description: 'The cluster as a whole: status, settings that are read again.' },
  container: { description: 'Containers of an application: list, signal.' },
  extensions: { description: 'Extensions of the SQL kernel: what sources beyond local files need.' },
  history: { description: 'The history server of this machine, and the applications it knows.' },
  label: { description: 'Node labels: list, change.' },
  node: { description: 'The nodes of the cluster.' },
  nodemanager: { description: 'The NodeManagers of this machine.' },
  queue: { description: 'Queues: shares, who waits, reload.' },
  resourcemanager: { description: 'The ResourceManager of this machine.' },
  secret: { description: "Replacing the cluster's secret, step by step." },
  user: { description: 'Secrets of users of their own, tokens for the web pages, groups.' },
};

export async function main(argv: string[]): Promise<void> {
  // oclif compares node's version with engines at every start, for a warning: the launcher has chosen the Node.js.
  process.env['OCLIF_DISABLE_ENGINE_WARNING'] = '1';
  const root = dirname(import.meta.filename);
  const { name, version, description, engines } = JSON.parse(readFileSync(join(packageHome, 'package.json'), 'utf8')) as Record<
    string,
    never
  >;
  const target = `./${basename(import.meta.filename)}`;
  const oclif = {
    bin: 'emberloom',
    dirname: 'emberloom',
    topicSeparator: ' ',
    topics: TOPICS,
    commands: { strategy: 'explicit', target, identifier: 'COMMANDS' },
    hooks: { command_not_found: { target, identifier: 'NOT_FOUND' } },
  };
  try {
    await run(argv, { root, pjson: { name, version, description, engines, oclif } as never });
    await flush();
    process.exitCode = exitCodeOfOutput(Number(process.exitCode ?? 0));
  } catch (error) {
    await Errors.handle(error as Error);
  }
}

if (import.meta.main) {
  endWithReader();
  void main(process.argv.slice(2));
}
