// The list of applications is filtered, sorted and cut as asked, counts by state, and lets other work go first.
import { describe, expect, it } from 'vitest';
import { demoCluster } from '../../helpers/demo-cluster.ts';
import { applicationTable, type AppQuery } from '../../../src/cluster-pages/model/applications.ts';
import { nodeTable } from '../../../src/cluster-pages/model/nodes.ts';

const who = { user: 'ann' };
const QUERY: AppQuery = { offset: 0, length: 10, sortBy: 'id', descending: true, search: '', states: [] };

describe('the list of applications', () => {
  const ask = async (query: Partial<AppQuery>, applications = 300, pause = async () => {}) =>
    applicationTable(await demoCluster({ applications }).applications(who), { ...QUERY, ...query }, pause);

  it('is newest first, a page of it, with counts by state', async () => {
    const { total, byState, rows } = await ask({});
    expect(total).toBe(300);
    expect(rows.map((r) => r.id.slice(-4))).toEqual(['0300', '0299', '0298', '0297', '0296', '0295', '0294', '0293', '0292', '0291']);
    expect(Object.values(byState).reduce((a, b) => a + b)).toBe(300);
    expect(byState['ACCEPTED']).toBe(3);
  });
  it('states filter the rows and the total, and not the counts', async () => {
    const { total, byState, rows } = await ask({ states: ['ACCEPTED'] });
    expect([total, rows.length, byState['RUNNING']]).toEqual([3, 3, 21]);
    expect(rows.every((r) => r.state === 'ACCEPTED' && r.waiting.includes('maximum-capacity 40 %'))).toBe(true);
  });
  it('sorts by numbers and by text, equal ones by age, and pages do not overlap', async () => {
    const first = await ask({ sortBy: 'memoryMb', length: 150 });
    const second = await ask({ sortBy: 'memoryMb', offset: 150, length: 150 });
    const all = [...first.rows, ...second.rows];
    expect(new Set(all.map((r) => r.id)).size).toBe(300);
    for (let i = 1; i < all.length; i++) expect(all[i - 1]!.memoryMb).toBeGreaterThanOrEqual(all[i]!.memoryMb);
    const names = (await ask({ sortBy: 'name', descending: false, length: 300 })).rows.map((r) => r.name);
    expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  });
  it('pauses every few thousand applications', async () => {
    let pauses = 0;
    await ask({}, 20_000, async () => void pauses++);
    expect(pauses).toBe(5);
  });
});

describe('the list of nodes', () => {
  it('finds by reason, filters by state, sorts by use', async () => {
    const reader = await demoCluster({ nodes: 40 }).nodes(who);
    const query = { offset: 0, length: 5, sortBy: 'memory', descending: true, search: '', states: [] } as const;
    const found = nodeTable(reader, { ...query, search: 'local-dirs /data/2' });
    expect(found.nodes.map((n) => n.state)).toEqual(['UNHEALTHY', 'UNHEALTHY', 'UNHEALTHY']);
    expect(nodeTable(reader, { ...query, states: ['LOST'] }).total).toBe(1);
    const used = nodeTable(reader, query).nodes.map((n) => n.used.memoryMb);
    expect(used).toEqual([...used].sort((a, b) => b - a));
  });
});
