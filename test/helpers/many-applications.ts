// A state store with many ended applications, as a ResourceManager's own would be after as many ends. For test/soak/many-applications.ts and tests of lists.
import { applicationId, attemptId, containerId } from '../../src/common/ids.ts';
import type { Settings } from '../../src/common/settings.ts';
import type { SaveEffect } from '../../src/resourcemanager/core/effects.ts';
import { type ApplicationRecord, type AttemptRecord, nothingPreempted } from '../../src/resourcemanager/core/records.ts';
import { stateStore } from '../../src/resourcemanager/store/main.ts';
import { RmStore } from '../../src/resourcemanager/store/rm-store.ts';

/** Every tenth has failed. @returns their cluster's start, which is in their ids */
export function fillStore(dataDir: string, settings: Settings, count: number): number {
  const db = stateStore(dataDir, settings, undefined).parts.openDatabase();
  const store = new RmStore(db);
  const { clusterStartMs } = store.begin(Date.now(), () => 'b'.repeat(64))!;
  const first = Date.now() - count * 1_000;
  for (let from = 0; from < count; from += 10_000)
    store.save(
      Array.from({ length: Math.min(10_000, count - from) }, (_, i): SaveEffect[] => {
        const seq = from + i + 1;
        const id = applicationId(clusterStartMs, seq);
        const [submittedAtMs, finishedAtMs] = [first + seq * 1_000, first + seq * 1_000 + 30_000];
        const failed = seq % 10 === 0;
        const submission = {
          name: `nightly-report-${seq % 500}`,
          type: 'SPARK',
          user: `user${seq % 40}`,
          queue: 'root.default',
          tags: [`team${seq % 7}`, 'nightly'],
          priority: 0,
          unmanaged: false,
          maxAttempts: 2,
          amResource: { memoryMb: 1024, vcores: 1 },
          am: {
            kind: 'driver',
            args: ['{"main":"/srv/jobs/nightly-report.ts"}'],
            env: { LANG: 'C.UTF-8' },
            secretEnv: {},
            resources: [],
            user: 'ann',
          },
        } satisfies ApplicationRecord['submission'];
        const diagnostics = failed
          ? `Application ${id} failed 2 times: AM container exited with exitCode: 1. The last line of stderr: Error: x`
          : '';
        const record = {
          id,
          seq,
          submission,
          secret: 'a'.repeat(64),
          submittedAtMs,
          launchedAtMs: submittedAtMs + 1_000,
          state: failed ? 'FAILED' : 'FINISHED',
          finalStatus: failed ? 'FAILED' : 'SUCCEEDED',
          diagnostics,
          finishedAtMs,
          memoryMbSeconds: 90_000,
          vcoreSeconds: 60,
          trackingUrl: '',
          preempted: nothingPreempted(),
        } satisfies ApplicationRecord;
        const attempt = {
          id: attemptId(id, 1),
          applicationId: id,
          number: 1,
          state: record.state,
          amContainerId: containerId(attemptId(id, 1), 0, 1),
          amNodeId: 'host1:nm1' as never,
          counts: true,
          diagnostics,
          startedAtMs: submittedAtMs,
          finishedAtMs,
          host: 'host1',
          trackingUrl: '',
        } satisfies AttemptRecord;
        return [{ tag: 'saveApplication', record } satisfies SaveEffect, { tag: 'saveAttempt', record: attempt } satisfies SaveEffect];
      }).flat(),
    );
  store.save([{ tag: 'saveApplicationSeq', applicationSeq: count }]);
  store.close();
  return clusterStartMs;
}
