// The history server's side of the invented application: a list of 10,000 applications, of which the first is demo-application.ts's.
import { DEMO_APP, demoAnswers, HOSTILE } from './demo-application.ts';
import type { Answers } from './pages-server.ts';

const START = Date.parse('2026-11-28T09:00:00.000Z');

export const historyAnswers = (count = 10_000): Answers => {
  const inside = demoAnswers();
  const applications = Array.from({ length: count }, (_, i) => {
    const startTimeEpoch = START - i * 600_000;
    const completed = i !== 0 && i % 500 !== 1;
    const attempt = {
      ...(i % 3 === 0 && { attemptId: '1' }),
      sparkUser: ['ann', 'ben', 'cy'][i % 3],
      completed,
      appSparkVersion: '4.0.1',
      duration: 60_000 + (i % 90) * 31_000,
      startTimeEpoch,
      endTimeEpoch: completed ? startTimeEpoch + 60_000 + (i % 90) * 31_000 : -1,
      lastUpdatedEpoch: startTimeEpoch + 60_000,
    };
    return {
      id: i === 0 ? DEMO_APP : `app-20261128-${String(i).padStart(5, '0')}`,
      name: i === 2 ? HOSTILE : ['Nightly revenue report', 'PageRank', 'k-means of sessions'][i % 3],
      attempts: [attempt],
    };
  });
  return (path, query) => {
    if (path === '/ui/api/applications') {
      const search = (query.get('search') ?? '').toLowerCase();
      const completed = query.get('completed');
      const found = applications.filter(
        (a) =>
          `${a.id} ${a.name} ${a.attempts[0]!.sparkUser}`.toLowerCase().includes(search) &&
          (completed === null || String(a.attempts[0]!.completed) === completed),
      );
      if (query.get('sortBy') === 'duration') found.sort((a, b) => a.attempts[0]!.duration - b.attempts[0]!.duration);
      const offset = Number(query.get('offset'));
      return { total: found.length, applications: found.slice(offset, offset + Number(query.get('length'))) };
    }
    if (path === '/ui/api/logs')
      return { logs: [{ key: `eventlog_v2_${HOSTILE}`, note: 'line 812 is cut off; everything before it is shown' }] };
    if (path === '/ui/api/compare') return comparison(query.get('left') ?? '', query.get('right') ?? '');
    return inside(path, query);
  };
};

const cost = (scale: number) => ({
  durationMs: Math.round(42_000 * scale),
  tasks: 128,
  failedTasks: 0,
  runTimeMs: Math.round(512_000 * scale),
  cpuTimeMs: Math.round(470_000 * scale),
  gcTimeMs: Math.round(9_000 * scale * scale),
  inputBytes: 4_000_000_000,
  outputBytes: 12_000_000,
  shuffleReadBytes: Math.round(900_000_000 * scale),
  shuffleWriteBytes: Math.round(880_000_000 * scale),
  memorySpilledBytes: 0,
  diskSpilledBytes: scale > 1.5 ? 300_000_000 : 0,
});

function comparison(left: string, right: string) {
  const side = (run: string, scale: number) => {
    const [id, attemptId] = run.split('/');
    return {
      id,
      attemptId,
      name: 'Nightly revenue report',
      startTimeMs: START,
      durationMs: 300_000 * scale,
      completed: true,
      total: cost(scale * 6),
    };
  };
  const stage = (stageId: number, name: string, scale: number) => ({ stageId, attemptId: 0, name, status: 'COMPLETE', cost: cost(scale) });
  const stages = ['textFile', 'reduceByKey', HOSTILE, 'collect'].map((name, i) => ({
    left: stage(i, `${name} at report.ts:${20 + i}`, 1),
    right: stage(i, `${name} at report.ts:${22 + i}`, [1, 2.4, 0.7, 1.01][i] ?? 1),
    by: 'name',
  }));
  return {
    left: side(left, 1),
    right: side(right, 1.3),
    stages: [...stages, { right: stage(4, 'sortByKey at report.ts:60', 0.4), by: 'none' }],
  };
}
