import { describe, expect, it } from 'vitest';
import { Settings } from '../../../../src/common/settings.ts';
import { whereReached } from '../../../../src/nodemanager/service/where-reached.ts';

const at = (values: Record<string, string>, tlsEnv = {}) =>
  whereReached(
    {
      settings: new Settings(Object.entries(values).map(([name, value]) => ({ name, value, where: 'test', line: 1 }))),
      dataDir: '/d',
      name: 'n1',
      host: 'h2',
    },
    { ownAddressToward: async (host) => (host === 'rm' ? '10.0.0.2' : Promise.reject(new Error(host))), tlsEnv },
  );

describe('where a NodeManager is reached', () => {
  it('is its socket alone where the ResourceManager is on this host', async () => {
    expect(await at({})).toMatchObject({ rmAddress: 'unix:/d/run/rm.sock', address: 'unix:/d/run/nm-n1.sock', reachEnv: {} });
  });

  it('is TLS, too, at the address from which the ResourceManager is reached, and containers are told', async () => {
    expect(await at({ 'yarn.resourcemanager.address': 'rm:8032' }, { EMBERLOOM_TLS_CA: '/ca' })).toEqual({
      rmAddress: 'tls:rm:8032',
      address: 'either:h2|unix:/d/run/nm-n1.sock|tls:10.0.0.2:0',
      bindHost: undefined,
      reachEnv: { EMBERLOOM_NODE_ADDRESS: '10.0.0.2', EMBERLOOM_RUN_DIR: '/d/run', EMBERLOOM_TLS_CA: '/ca' },
    });
  });

  it('is what the settings say', async () => {
    const said = {
      'yarn.resourcemanager.address': 'rm:8032',
      'yarn.nodemanager.address': 'nat.example:9000',
      'yarn.nodemanager.bind-host': '0.0.0.0',
    };
    expect(await at(said)).toMatchObject({
      address: 'either:h2|unix:/d/run/nm-n1.sock|tls:nat.example:9000',
      bindHost: '0.0.0.0',
      reachEnv: { EMBERLOOM_NODE_ADDRESS: 'nat.example', EMBERLOOM_BIND_HOST: '0.0.0.0' },
    });
    const named = { 'yarn.resourcemanager.address': 'rm:8032', 'yarn.nodemanager.hostname': 'w2.example' };
    expect((await at(named)).address).toBe('either:h2|unix:/d/run/nm-n1.sock|tls:w2.example:0');
    await expect(at({ 'yarn.resourcemanager.address': 'typo:8032' })).rejects.toMatchObject({
      code: 'CONFIG_BAD_VALUE',
      message: expect.stringContaining('yarn.resourcemanager.address is "typo"; expected a host that is known here'),
    });
    await expect(at({ 'yarn.nodemanager.address': 'tcp:10.0.0.2:1' })).rejects.toMatchObject({ code: 'CONFIG_BAD_VALUE' });
  });
});
