// Whoever has stolen the cluster's secret: connects as root, says so by the file `stands`, and by the file `cut` when the other side ends it.
//   node test/helpers/hold-connection.ts <address> <file with the secret> <folder>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetTransport } from '../../src/platform/net-transport.ts';
import { connectPeer } from '../../src/rpc/connect.ts';

const [address = '', secretFile = '', folder = ''] = process.argv.slice(2);
const secret = readFileSync(secretFile, 'utf8').trim();
const peer = await connectPeer(new NetTransport(), address, 'the ResourceManager', { id: 'client:root', secret });
peer.onClose = () => {
  writeFileSync(join(folder, 'cut'), '');
  process.exit(0);
};
writeFileSync(join(folder, 'stands'), '');
setTimeout(() => process.exit(1), 50_000);
