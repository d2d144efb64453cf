// Settings of which nodes may be in the cluster. Part of config-keys.ts.
import { key } from './key.ts';

export const NODE_LIST_KEYS = {
  nodesInclude: key({
    name: 'yarn.resourcemanager.nodes.include-path',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'A file with the nodes that may be here: a host, or the id of a NodeManager, on each line; # begins a comment. Not set, or empty: all. Read again by yarn rmadmin -refreshNodes.',
  }),
  nodesExclude: key({
    name: 'yarn.resourcemanager.nodes.exclude-path',
    unit: 'text',
    fallback: undefined,
    since: '0.3',
    doc: 'A file with the nodes that may not be here, in the same form. Those that are in the cluster leave it with yarn rmadmin -refreshNodes.',
  }),
};
