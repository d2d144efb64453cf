// The pages' data as a real Spark 4.0.1 answered it (test/fixtures/golden/spark-rest): what the driver's server must look like to the pages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from './pages-server.ts';

const folder = join(import.meta.dirname, '../fixtures/golden/spark-rest');
const golden = (name: string): any => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
export const GOLDEN_APP = 'local-1795352416253';

export const goldenAnswers: Answers = (path, query) => {
  if (path === '/api/v1/applications') {
    const startTimeEpoch = Date.parse('2026-11-22T13:00:11.376Z');
    const attempt = {
      sparkUser: 'ann',
      completed: false,
      appSparkVersion: '4.0.1',
      duration: 0,
      startTimeEpoch,
      endTimeEpoch: -1,
      lastUpdatedEpoch: 0,
    };
    return [{ id: GOLDEN_APP, name: 'live', attempts: [attempt] }];
  }
  if (path === '/ui/api/alarms') return [];
  if (/^\/ui\/api\/stages\/2\/0\/executors$/.test(path)) return golden('stages_2_0').executorSummary;
  const tasks = /^\/ui\/api\/stages\/\d+\/\d+\/tasks$/.test(path);
  if (tasks) {
    const all = golden('stages_0_0_taskList');
    return { total: all.length, tasks: all.slice(Number(query.get('offset')), Number(query.get('offset')) + Number(query.get('length'))) };
  }
  const rest = path.startsWith(`/api/v1/applications/${GOLDEN_APP}/`)
    ? path.slice(`/api/v1/applications/${GOLDEN_APP}/`.length)
    : undefined;
  if (rest === undefined) return undefined;
  if (/^(jobs|stages|executors|allexecutors|environment|sql)$/.test(rest)) return golden(rest);
  const job = /^jobs\/(\d+)$/.exec(rest);
  if (job) return golden('jobs').find((j: any) => j.jobId === Number(job[1]));
  const attempts = /^stages\/(\d+)$/.exec(rest);
  if (attempts) return golden('stages').filter((s: any) => s.stageId === Number(attempts[1]));
  const stage = /^stages\/(\d+)\/0$/.exec(rest);
  if (stage) return stage[1] === '2' ? golden('stages_2_0') : golden('stages').find((s: any) => s.stageId === Number(stage[1]));
  if (/^stages\/\d+\/0\/taskSummary$/.test(rest)) return golden('stages_0_0_taskSummary');
  if (rest === 'storage/rdd') return golden('storage_rdd');
  if (rest === 'storage/rdd/1') return golden('storage_rdd_1');
  const sql = /^sql\/(\d+)$/.exec(rest);
  if (sql) return golden('sql').find((s: any) => s.id === Number(sql[1]));
  return undefined;
};
