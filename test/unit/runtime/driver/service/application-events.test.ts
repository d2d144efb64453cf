import { expect, test } from 'vitest';
import { ApplicationEvents } from '../../../../../src/runtime/driver/service/application-events.ts';
import { ListenerBus } from '../../../../../src/runtime/driver/service/listener-bus.ts';
import { EXECUTOR_METRICS } from '../../../../../src/status/executor-metrics.ts';
import { silent } from '../../../../helpers/driver-world.ts';
import { TestApplication } from '../../../../helpers/status-events.ts';

test('a cluster’s driver has a row without cores, an executor’s address tells it from others of its host', () => {
  const { store } = new TestApplication();
  const bus = new ListenerBus(silent);
  bus.add(store);
  const events = new ApplicationEvents(bus, () => 1_000);
  events.driverAdded('gateway');
  events.executorAdded({ executorId: '1', host: 'node', port: 4_001, slots: 2 });
  bus.deliver();
  const rows = () =>
    store.executors(true).map(({ id, hostPort, totalCores, maxTasks, maxMemory }) => [id, hostPort, totalCores, maxTasks, maxMemory]);
  expect(rows()).toEqual([
    ['driver', `gateway:${process.pid}`, 0, 0, 0],
    ['1', 'node:4001', 2, 2, 0],
  ]);
  events.heartbeat(
    { id: '1', host: 'node', port: 4_001 },
    EXECUTOR_METRICS.map(() => 0),
    7_000,
  );
  bus.deliver();
  expect(rows()[1]).toEqual(['1', 'node:4001', 2, 2, 7_000]);
});
