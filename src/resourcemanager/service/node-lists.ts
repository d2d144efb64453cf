// Which nodes may be in the cluster: yarn.resourcemanager.nodes.include-path and exclude-path, one node a line (its id, or its host, which
// stands for all nodes there), `#` begins a comment. Read at the start and by yarn rmadmin -refreshNodes. Source: YARN's NodesListManager.
import { readFile } from 'node:fs/promises';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Settings } from '../../common/settings.ts';

export type NodeListFiles = { readonly include: string | undefined; readonly exclude: string | undefined };

export class NodeLists {
  readonly #files: NodeListFiles;
  #include: ReadonlySet<string> = new Set();
  #exclude: ReadonlySet<string> = new Set();

  constructor(files: NodeListFiles) {
    this.#files = files;
  }

  /** Both or none. @throws AppError NODES_FILE_UNREADABLE: the lists are as they were */
  async read(): Promise<void> {
    const include = await namesIn(this.#files.include);
    const exclude = await namesIn(this.#files.exclude);
    this.#include = include;
    this.#exclude = exclude;
  }

  /** @returns why it may not be here; undefined when it may. An empty include file lets all in, as YARN's does. */
  refusal({ nodeId, host }: { readonly nodeId: string; readonly host: string }): string | undefined {
    if (this.#exclude.has(nodeId) || this.#exclude.has(host))
      return `it is in ${this.#files.exclude} (yarn.resourcemanager.nodes.exclude-path)`;
    if (this.#include.size > 0 && !this.#include.has(nodeId) && !this.#include.has(host))
      return `it is not in ${this.#files.include} (yarn.resourcemanager.nodes.include-path)`;
    return undefined;
  }
}

/** @throws AppError NODES_FILE_UNREADABLE */
export async function nodeListsOf(settings: Settings): Promise<NodeLists> {
  const lists = new NodeLists({ include: settings.get(KEYS.nodesInclude), exclude: settings.get(KEYS.nodesExclude) });
  await lists.read();
  return lists;
}

async function namesIn(file: string | undefined): Promise<Set<string>> {
  if (file === undefined || file === '') return new Set();
  try {
    const lines = (await readFile(file, 'utf8')).split('\n');
    return new Set(lines.flatMap((line) => line.replace(/#.*/, '').split(/\s+/)).filter((name) => name !== ''));
  } catch (error) {
    throw new AppError('NODES_FILE_UNREADABLE', { file, detail: (error as Error).message }, { cause: error });
  }
}
