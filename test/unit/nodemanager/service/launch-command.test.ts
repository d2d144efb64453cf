import { describe, expect, it } from 'vitest';
import { argvOf, environmentOf, heapMb, tokenFileText, wrapped } from '../../../../src/nodemanager/service/launch-command.ts';
import type { LaunchContext } from '../../../../src/rpc/messages/shapes.ts';

const programs = { nodeBinary: '/n/node', executor: '/d/executor.cjs', driver: '/d/driver.cjs' };
const launch = (kind: LaunchContext['kind'], env: Record<string, string> = {}, args: string[] = []): LaunchContext => ({
  kind,
  args,
  env,
  secretEnv: { EMBERLOOM_APP_SECRET: 's' },
  resources: [],
  user: 'ann',
});
const mb = (memoryMb: number) => ({ memoryMb, vcores: 1 });

describe('what is executed for a container', () => {
  it.each([
    [1408, 1024],
    [896, 512],
    [11264, 10240],
    [448, 64],
    [200, 64],
  ])('a container of %d MB leaves V8 %d MB', (memoryMb, heap) => {
    expect(heapMb(mb(memoryMb))).toBe(heap);
  });

  it('runs drivers and executors on our Node.js with a heap below the container, commands as they are', () => {
    expect(argvOf(launch('driver', {}, ['{"name":"x"}']), mb(1408), programs)).toEqual([
      '/n/node',
      '--max-old-space-size=1024',
      '/d/driver.cjs',
      '{"name":"x"}',
    ]);
    expect(argvOf(launch('executor', { EMBERLOOM_NODE_OPTIONS: ' --expose-gc  --stack-size=99 ' }), mb(1408), programs)).toEqual([
      '/n/node',
      '--max-old-space-size=409',
      '--expose-gc',
      '--stack-size=99',
      '/d/executor.cjs',
    ]);
    expect(argvOf(launch('command', {}, ['/bin/echo', 'a b']), mb(10), programs)).toEqual(['/bin/echo', 'a b']);
  });

  it('passes arguments through the wrapper as they are', () => {
    expect(wrapped('c1', '/ctl', 0, ['/bin/echo', 'a "b" $c']).args.slice(2)).toEqual(['c1', '/ctl', '0', '/bin/echo', 'a "b" $c']);
  });

  it("gives the environment of YARN, ours before the application's, and no secret", () => {
    const at = { workDir: '/w', logDir: '/l', applicationDirs: ['/a1', '/a2'], tokenFile: '/t' };
    const env = environmentOf(
      launch('executor', { PATH: '/own', CONTAINER_ID: 'forged', X: '1' }),
      at,
      { nodeId: 'vm:n1', host: 'vm', inherited: { PATH: '/bin', HOME: '/home/ann' } },
      {
        containerId: 'c1',
        applicationId: 'app',
        user: 'ann',
      },
    );
    expect(env).toEqual({
      PATH: '/own',
      HOME: '/home/ann',
      X: '1',
      CONTAINER_ID: 'c1',
      APPLICATION_ID: 'app',
      NM_HOST: 'vm',
      NM_NODE_ID: 'vm:n1',
      LOCAL_DIRS: '/a1,/a2',
      SPARK_LOCAL_DIRS: '/a1,/a2',
      LOG_DIRS: '/l',
      PWD: '/w',
      USER: 'ann',
      LOGNAME: 'ann',
      SPARK_USER: 'ann',
      EMBERLOOM_CONTAINER_TOKENS: '/t',
    });
    expect(JSON.parse(tokenFileText(launch('executor')))).toEqual({ EMBERLOOM_APP_SECRET: 's' });
  });
});
