// Where the runtime bundle begins: the public API, and what spark-submit calls to run a program in this process (client mode and local
// masters). The program itself is run by run-program.ts; cluster mode by cluster-driver.ts.
import { availableParallelism } from 'node:os';
import { AppError } from '../common/errors.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SubmitConfig } from '../common/submit-config.ts';
import * as api from '../index.ts';
import type { Log4jLogger } from '../platform/log4j-logger.ts';
import { registerEngine } from './closure/driver-runtime.ts';
import { type Master, parseMaster } from './driver/service/master-url.ts';
import { prepareProcess, type ProgramIo } from './prepare-process.ts';
import { runProgram } from './run-program.ts';
import { sendStaged } from '../rpc/send-staged.ts';
import { placeUserFiles } from './user-files.ts';
import { DIST_DIR, setProcessPlaces, startLocalWorkersEarly } from './session.ts';

registerEngine('emberloom', api);

export * from '../index.ts';
export { runClusterDriver } from './cluster-driver.ts';
export { registerClosureLoader } from './prepare-process.ts';

/**
 * Runs the program to its end, and the application with it.
 * @returns the exit code for the process: the program's own, 1 after an error, 101 without its entry function, 130 after Ctrl-C (compat.md §1.4)
 */
export async function runUserProgram(config: SubmitConfig, io: ProgramIo): Promise<number> {
  const conf = prepareProcess(config, io);
  startLocalWorkersEarly(conf);
  const master = parseMaster(config.master, availableParallelism());
  if (master.kind !== 'local') await joinCluster(config, master, io.logger);
  await placeUserFiles(config);
  const { code, lastLine } = await runProgram(config, io.stderr);
  if (lastLine !== undefined) io.stderr.write(`spark-submit: ${lastLine}\n`);
  return code;
}

/**
 * Before the program runs, so that sc.applicationId has its id at once; the RM's answer costs 5 ms.
 * @throws AppError RM_UNREACHABLE, AUTH_REFUSED, LAUNCH_FAILED
 */
async function joinCluster(config: SubmitConfig, master: Exclude<Master, { kind: 'local' }>, logger: Log4jLogger): Promise<void> {
  const { clusterPlace, reserveApplication, yarnBackend } = await import('./yarn-application.ts');
  const own = master.kind === 'local-cluster' ? await (await import('./local-cluster.ts')).startLocalCluster(master, DIST_DIR) : undefined;
  const place = own?.place ?? (await clusterPlace(config, process.env));
  let reserved: Awaited<ReturnType<typeof reserveApplication>> | undefined = await reserveApplication(place, config.user);
  if (config.shipped !== undefined) await sendStaged(reserved, reserved.applicationId, config.shipped.files);
  setProcessPlaces({
    transport: place.transport,
    clusterManager: (conf) => {
      if (reserved === undefined)
        throw new AppError('BAD_ARGUMENT', {
          method: 'SparkContext',
          reason: 'a submitted program has one application; its context was stopped',
        });
      const admission = { kind: 'client', ...reserved } as const;
      reserved = undefined;
      if (master.kind !== 'local-cluster') return yarnBackend({ config, conf, place, admission, logger });
      const memoryMb = conf.contains(SPARK_KEYS.executorMemory.name) ? conf.read(SPARK_KEYS.executorMemory)! : master.memoryMb;
      const executors = { count: master.executors, cores: master.cores, memoryMb, overheadMb: Math.max(384, Math.floor(memoryMb / 10)) };
      return yarnBackend({ config, conf, place, admission, logger, executors, cleanUp: () => own!.stop() });
    },
  });
}
