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
    return inside(path, query);
  };
};
