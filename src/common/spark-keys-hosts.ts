// Settings of an application that say where its driver and executors listen for other hosts; part of spark-keys.ts. They count where the
// ResourceManager is reached by TLS: on one host everything goes through Unix sockets.
import { key } from './key.ts';

export const HOST_SPARK_KEYS = {
  driverHost: key({
    name: 'spark.driver.host',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'Name or address by which executors of other hosts reach the driver. Default: the address of this host from which the ResourceManager is reached.',
  }),
  driverBindAddress: key({
    name: 'spark.driver.bindAddress',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'Interface on which the driver listens for executors (0.0.0.0: all), where spark.driver.host is not one of this machine. Default: spark.driver.host.',
  }),
  driverPort: key({
    name: 'spark.driver.port',
    unit: 'count',
    fallback: '0',
    since: '0.9',
    doc: 'Port on which the driver listens for executors of other hosts; a taken one is followed by the next (spark.port.maxRetries). 0: any.',
  }),
  blockManagerPort: key({
    name: 'spark.blockManager.port',
    unit: 'count',
    fallback: '0',
    since: '0.9',
    doc: 'Port on which executors serve their blocks to other hosts; a taken one is followed by the next (spark.port.maxRetries). 0: any.',
  }),
};
