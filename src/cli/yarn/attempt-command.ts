// yarn applicationattempt and yarn container: what the ResourceManager knows of an application's attempts and containers.
import { AppError } from '../../common/errors.ts';
import { applicationOfAttempt, applicationOfContainer, attemptOfContainer, isAttemptId, isContainerId } from '../../common/ids.ts';
import { attemptList, containerList } from '../../rpc/messages/client.ts';
import { attemptFail, containerSignal } from '../../rpc/messages/operators.ts';
import { CONTAINER_SIGNALS, containerSignal as sendable } from '../../common/container-signals.ts';
import { attemptStatus, containerStatus } from '../render/yarn-reports.ts';
import { attemptTable, containerTable } from '../render/yarn-tables.ts';
import { containerLinks } from '../container-links.ts';
import { parseId, reportOf } from './application-command.ts';
import { EXIT_NOT_FOUND, type YarnCommand, type YarnIo } from './command.ts';

const HELP = { takes: 'none', help: 'Displays help for all commands.' } as const;

export const attemptCommand: YarnCommand = {
  usage: 'applicationattempt',
  options: {
    list: { takes: 'one', value: 'Application ID', help: 'List application attempts for an application.' },
    status: { takes: 'one', value: 'Application Attempt ID', help: 'Prints the status of the application attempt.' },
    fail: { takes: 'one', value: 'Application Attempt ID', help: 'Fails application attempt.' },
    help: HELP,
  },
  async run(options, io) {
    const { rm, out } = io;
    if (options.has('fail')) return await fail(options.one('fail')!, io);
    if (options.has('list')) {
      const applicationId = parseId(options.one('list')!);
      return await orNotFound(io, `Application with id '${applicationId}' doesn't exist in RM or Timeline Server.`, async () =>
        out(attemptTable((await rm.call(attemptList, { applicationId })).attempts)),
      );
    }
    if (!options.has('status')) return undefined;
    const id = options.one('status')!;
    if (!isAttemptId(id))
      throw new AppError('SUBMIT_USAGE', { reason: `Invalid AppAttemptId: ${id}; it looks like appattempt_1700000000000_0001_000001` });
    const missing = `Application Attempt with id '${id}' doesn't exist in RM or Timeline Server.`;
    return await orNotFound(io, missing, async () => {
      const applicationId = applicationOfAttempt(id);
      const attempt = (await rm.call(attemptList, { applicationId })).attempts.find((a) => a.attemptId === id);
      if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId: id });
      const application = await reportOf(rm, applicationId);
      out(attemptStatus(attempt, application?.currentAttemptId === id ? application.amRpcPort : -1));
    });
  },
};

async function fail(id: string, io: YarnIo): Promise<number> {
  if (!isAttemptId(id))
    throw new AppError('SUBMIT_USAGE', { reason: `Invalid AppAttemptId: ${id}; it looks like appattempt_1700000000000_0001_000001` });
  const applicationId = applicationOfAttempt(id);
  return await orNotFound(io, `Application Attempt with id '${id}' doesn't exist in RM or Timeline Server.`, async () => {
    const before = (await io.rm.call(attemptList, { applicationId })).attempts.find((a) => a.attemptId === id);
    if (before !== undefined && before.finishedAtMs > 0) return io.out(`Application attempt ${id} has already finished\n`);
    io.out(`Failing attempt ${id} of application ${applicationId}\n`);
    await io.rm.call(attemptFail, { attemptId: id, user: io.user });
  });
}

export const containerCommand: YarnCommand = {
  usage: 'container',
  options: {
    list: { takes: 'one', value: 'Application Attempt ID', help: 'List the containers of an application attempt.' },
    status: { takes: 'one', value: 'Container ID', help: 'Prints the status of the container.' },
    signal: {
      takes: 'list',
      value: 'container ID [signal command]',
      help: `Signal the container. The default command is OUTPUT_THREAD_DUMP: what its threads do, in its stdout. The commands are ${Object.keys(CONTAINER_SIGNALS).join(', ')}.`,
    },
    help: HELP,
  },
  async run(options, io) {
    const { rm, out } = io;
    if (options.has('list')) {
      const id = options.one('list')!;
      if (!isAttemptId(id))
        throw new AppError('SUBMIT_USAGE', { reason: `Invalid AppAttemptId: ${id}; it looks like appattempt_1700000000000_0001_000001` });
      return await orNotFound(io, `Application Attempt with id '${id}' doesn't exist in RM or Timeline Server.`, async () =>
        out(
          containerTable(
            (await rm.call(containerList, { attemptId: id })).containers.filter((c) => c.state !== 'COMPLETED'),
            await containerLinks(rm, applicationOfAttempt(id)),
          ),
        ),
      );
    }
    if (options.has('signal')) return await signal(options.all('signal'), io);
    if (!options.has('status')) return undefined;
    const id = options.one('status')!;
    if (!isContainerId(id))
      throw new AppError('SUBMIT_USAGE', { reason: `Invalid ContainerId: ${id}; it looks like container_1700000000000_0001_01_000001` });
    return await orNotFound(io, `Container with id '${id}' doesn't exist in RM or Timeline Server.`, async () => {
      const container = (await rm.call(containerList, { attemptId: attemptOfContainer(id) })).containers.find((c) => c.containerId === id);
      if (container === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId: id });
      out(containerStatus(container, (await containerLinks(rm, applicationOfContainer(id)))(container)));
    });
  },
};

async function signal([id = '', command = 'OUTPUT_THREAD_DUMP', ...more]: readonly string[], io: YarnIo): Promise<number> {
  const sent = sendable(command);
  if (!isContainerId(id) || sent === undefined || more.length > 0)
    throw new AppError('SUBMIT_USAGE', { reason: `-signal takes a container id and one of ${Object.keys(CONTAINER_SIGNALS).join(', ')}` });
  io.out(`Signalling container ${id}\n`);
  return await orNotFound(io, `Container with id '${id}' doesn't run.`, async () => {
    await io.rm.call(containerSignal, { containerId: id, signal: sent, user: io.user });
  });
}

/** YARN says on stdout what does not exist. */
async function orNotFound({ out }: YarnIo, sentence: string, act: () => Promise<void>): Promise<number> {
  try {
    await act();
    return 0;
  } catch (error) {
    if (!(error instanceof AppError) || !['APPLICATION_UNKNOWN', 'ATTEMPT_UNKNOWN', 'CONTAINER_UNKNOWN'].includes(error.code)) throw error;
    out(`${sentence}\n`);
    return EXIT_NOT_FOUND;
  }
}
