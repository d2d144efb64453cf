// All applications that match, however many: page after page.
import type { RequestOf } from '../rpc/define-rpc.ts';
import { applicationList } from '../rpc/messages/client.ts';
import type { ApplicationReport } from '../rpc/messages/shapes.ts';
import type { Peer } from '../rpc/peer.ts';

/** @returns newest first */
export async function listApplications(rm: Peer, filter: Omit<RequestOf<typeof applicationList>, 'before'>): Promise<ApplicationReport[]> {
  const all: ApplicationReport[] = [];
  for (let before: number | undefined; ; ) {
    const page = await rm.call(applicationList, { ...filter, before });
    for (const report of page.applications) all.push(report);
    before = page.before;
    if (before === undefined) return all;
  }
}
