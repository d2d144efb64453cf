// Asks a node, with the cluster's secret, to try addresses: those of another node and the given ones. Prints the faults, `reached` for none.
//   node test/helpers/ask-reach.ts <address of the ResourceManager> <secret file> <node id> <other node's id> <daemons,…> <ports,…>
import { readFileSync } from 'node:fs';
import { NetTransport } from '../../src/platform/net-transport.ts';
import { connectPeer } from '../../src/rpc/connect.ts';
import { nodeList } from '../../src/rpc/messages/client.ts';
import { nodeReach } from '../../src/rpc/messages/reach.ts';

const [rmAddress = '', secretFile = '', asked, other, daemons = '', ports = ''] = process.argv.slice(2);
const me = { id: 'client:root', secret: readFileSync(secretFile, 'utf8').trim() };
const transport = new NetTransport();
const rm = await connectPeer(transport, rmAddress, 'the ResourceManager', me);
const { nodes } = await rm.call(nodeList, {});
const addressOf = (id: string | undefined) => nodes.find(({ nodeId }) => nodeId === id)!.address;
const node = await connectPeer(transport, addressOf(asked), 'the node', me);
const { probes } = await node.call(nodeReach, { daemons: [addressOf(other), ...daemons.split(',')], ports: ports.split(',') });
console.log(probes.map(({ fault }) => fault || 'reached').join());
process.exit(0);
