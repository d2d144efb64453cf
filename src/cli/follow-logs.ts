// `emberloom application logs --follow`: what containers write, line by line with the container's name, until the application ends.
// Log files are read where they lie; there is no push for them, so they are asked for what is new twice a second.
import { setTimeout as pause } from 'node:timers/promises';
import type { ApplicationId } from '../common/ids.ts';
import { applicationReport } from '../rpc/messages/client.ts';
import type { Peer } from '../rpc/peer.ts';
import { findLogs, readLog } from './read-logs.ts';
import { isFinalState } from './render/application-report.ts';
import type { Cluster } from '../platform/find-cluster.ts';

export type LogFollowing = {
  readonly rm: Peer;
  readonly cluster: Cluster;
  readonly user: string;
  readonly applicationId: ApplicationId;
  readonly wanted: (file: { containerId: string; name: string }) => boolean;
  readonly write: (text: string) => void;
};

const PACE_MS = 500;
/** How far a file was read; `rest` is a line that has not ended. */
type Reading = { at: number; rest: string; readonly decoder: InstanceType<typeof TextDecoder> };

/** @throws AppError APPLICATION_UNKNOWN, CONNECTION_LOST */
export async function followLogs({ rm, cluster, user, applicationId, wanted, write }: LogFollowing): Promise<void> {
  const read = new Map<string, Reading>();
  for (;;) {
    // Asked before the files are read: what was written before the end is there when the end is known.
    const ended = isFinalState((await rm.call(applicationReport, { applicationId })).state);
    const found = await findLogs(rm, cluster, user, applicationId);
    try {
      for (const file of found.files.filter(wanted)) {
        const key = `${file.containerId}/${file.name}`;
        const state: Reading = read.get(key) ?? { at: 0, rest: '', decoder: new TextDecoder() };
        read.set(key, state);
        if (file.sizeBytes < state.at) state.at = 0; // it was rolled: the file began anew
        if (file.sizeBytes <= state.at) continue;
        const { next } = await readLog(
          file,
          state.at,
          Number.MAX_SAFE_INTEGER,
          (bytes) => (state.rest += state.decoder.decode(bytes, { stream: true })),
        );
        state.at = next;
        const lines = state.rest.split('\n');
        state.rest = lines.pop()!;
        for (const line of lines) write(`${key}: ${line}\n`);
      }
    } finally {
      found.close();
    }
    if (ended) break;
    await pause(PACE_MS);
  }
  for (const [key, { rest }] of read) if (rest !== '') write(`${key}: ${rest}\n`);
}
