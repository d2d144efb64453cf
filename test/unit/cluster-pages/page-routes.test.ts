// Addresses: ours, YARN's old ones, and those below a proxy.
import { describe, expect, it } from 'vitest';
import { clusterPlaceOf, oldAddress } from '../../../src/cluster-pages/page-routes.ts';
import { isSecret, settingRows } from '../../../src/cluster-pages/model/settings.ts';
import { Settings } from '../../../src/common/settings.ts';

const CONTAINER = 'container_e03_1764400000000_0042_01_000007';

describe('addresses of the cluster’s pages', () => {
  it.each([
    ['/ui/cluster', '', 'cluster', ''],
    ['/ui/apps/', '', 'apps', ''],
    ['/ui/apps/application_1_0001', '', 'apps/:id', 'application_1_0001'],
    ['/gateway/yarn/ui/nodes/host%3A45454', '/gateway/yarn', 'nodes/:id', 'host:45454'],
    ['/ui/node/settings', '', 'node/settings', ''],
    ['/ui/nothing', '', undefined, ''],
    ['/ui/apps/%E0%A4%A', '', 'apps/:id', '%E0%A4%A'],
  ])('%s', (path, root, page, id) => expect(clusterPlaceOf(path)).toEqual({ root, page, id }));

  it.each([
    ['rm', '/', 'ui/cluster'],
    ['rm', '/cluster', 'ui/cluster'],
    ['rm', '/cluster/cluster', 'ui/cluster'],
    ['rm', '/cluster/apps', 'ui/apps'],
    ['rm', '/cluster/apps/RUNNING', 'ui/apps?state=RUNNING'],
    ['rm', '/cluster/app/application_1_0001', 'ui/apps/application_1_0001'],
    ['rm', '/cluster/appattempt/appattempt_1_0001_000002', 'ui/apps/application_1_0001?attempt=appattempt_1_0001_000002'],
    ['rm', `/cluster/container/${CONTAINER}`, `ui/apps/application_1764400000000_0042?containers.q=${CONTAINER}`],
    ['rm', '/cluster/scheduler', 'ui/queues'],
    ['rm', '/cluster/nodes', 'ui/nodes'],
    ['rm', '/cluster/nodes/unhealthy', 'ui/nodes?state=UNHEALTHY'],
    ['rm', '/cluster/nodelabels', 'ui/nodes'],
    ['rm', '/node', undefined],
    ['nm', '/', 'ui/node'],
    ['nm', '/node', 'ui/node'],
    ['nm', '/node/allApplications', 'ui/node'],
    ['nm', `/node/container/${CONTAINER}`, `ui/node?containers.q=${CONTAINER}`],
    ['nm', `/node/containerlogs/${CONTAINER}/ann`, `ui/logs/${CONTAINER}`],
    ['nm', `/node/containerlogs/${CONTAINER}/ann/stderr/?start=-4096`.split('?')[0]!, `ui/logs/${CONTAINER}?file=stderr`],
    ['nm', '/cluster', undefined],
  ] as const)('%s: %s was YARN’s', (daemon, path, ours) => expect(oldAddress(daemon, path)).toBe(ours));
});

describe('settings', () => {
  it('names of secrets are known by their words; files that hold one are no secret', () => {
    expect(['a.password', 'x.secret', 'my-token', 'ssl.keystore', 'fs.s3a.access.key'].filter(isSecret)).toHaveLength(5);
    expect(['yarn.resourcemanager.address', 'x.secret.file', 'keystore.path'].filter(isSecret)).toEqual([]);
  });
  it('say where they come from', () => {
    const rows = settingRows(
      new Settings([{ name: 'yarn.resourcemanager.am.max-attempts', value: '5', where: 'conf/emberloom.yaml', line: 3 }]),
    );
    expect(rows.find((r) => r.name === 'yarn.resourcemanager.am.max-attempts')).toMatchObject({
      value: '5',
      from: 'conf/emberloom.yaml:3',
    });
    expect(rows.filter((r) => r.from !== 'default')).toHaveLength(1);
  });
});
