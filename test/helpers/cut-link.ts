// Puts the sockets of a cluster behind doors (test/chaos/network.ts), and breaks one kind of link for a while when it is told:
//   node cut-link.ts <run folder> <link> cut|hold <ms> <file>     strikes when <file> is there; runs until it is ended
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Link, LINKS, Network } from '../chaos/network.ts';

const [run, link, manner, ms, file] = process.argv.slice(2);
if (run === undefined || file === undefined || !LINKS.includes(link as Link)) throw new Error('see the head of this file');
const network = await Network.open(run);
console.log('ready');
while (!existsSync(file)) await pause(20);
const wire = network.wire(link as Link);
console.log(`${manner} ${wire.connections} connections`);
if (manner === 'cut') wire.cut();
else wire.hold();
await pause(Number(ms));
wire.mend();
console.log('mended');
