// yarn application -changeQueue, -movetoqueue, -updatePriority, -updateLifetime: the lines are those of YARN's ApplicationCLI.
import type { ApplicationId } from '../../common/ids.ts';
import { AppError } from '../../common/errors.ts';
import { applicationMove, applicationPriority, applicationTimeout } from '../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';
import { isFinalState } from '../render/application-report.ts';
import { iso8601 } from '../../common/java-time.ts';
import { EXIT_NOT_FOUND, type YarnIo } from './command.ts';
import type { ParsedOptions, YarnOptions } from './options.ts';

export const CHANGE_OPTIONS: YarnOptions = {
  appId: { takes: 'one', value: 'Application ID', help: 'The application that -changeQueue, -updatePriority or -updateLifetime changes.' },
  changeQueue: { takes: 'one', value: 'Queue Name', help: "Moves an application to a new queue. Its id is given with 'appId'." },
  movetoqueue: {
    takes: 'one',
    value: 'Application ID',
    help: "Moves the application to the queue given with 'queue'. Use 'changeQueue' instead.",
  },
  updatePriority: {
    takes: 'one',
    value: 'Priority',
    help: "Update priority of an application; larger goes first. Its id is given with 'appId'.",
  },
  updateLifetime: {
    takes: 'one',
    value: 'Timeout',
    help: "Update timeout of an application from NOW, in seconds: it is killed then. Its id is given with 'appId'.",
  },
};

type Find = (id: string) => Promise<ApplicationReport | undefined>;

/** @returns undefined when no change is asked for */
export async function changeApplication(options: ParsedOptions, io: YarnIo, find: Find): Promise<number | undefined> {
  const change = ['changeQueue', 'movetoqueue', 'updatePriority', 'updateLifetime'].find((name) => options.has(name));
  if (change === undefined) return undefined;
  const id = change === 'movetoqueue' ? options.one('movetoqueue') : options.one('appId');
  const value = change === 'movetoqueue' ? options.one('queue') : options.one(change);
  if (id === undefined || value === undefined)
    throw new AppError('SUBMIT_USAGE', { reason: change === 'movetoqueue' ? '-movetoqueue needs -queue' : `-${change} needs -appId` });
  const report = await find(id);
  if (report === undefined) {
    io.err(`Application with id '${id}' doesn't exist in RM or Timeline Server.\n`);
    return EXIT_NOT_FOUND;
  }
  const { applicationId } = report;
  if (isFinalState(report.state) && change !== 'updateLifetime') {
    io.out(`Application ${applicationId} has already finished \n`);
    return 0;
  }
  if (change === 'updatePriority') return await setPriority(applicationId, wholeOf(change, value), io);
  if (change === 'updateLifetime') return await setLifetime(applicationId, wholeOf(change, value), io);
  return await move(applicationId, value, io);
}

function wholeOf(option: string, value: string): number {
  if (!/^\d{1,12}$/.test(value)) throw new AppError('SUBMIT_USAGE', { reason: `-${option} takes a whole number, not ${value}` });
  return Number(value);
}

async function move(applicationId: ApplicationId, queue: string, { rm, out, user }: YarnIo): Promise<number> {
  out(`Moving application ${applicationId} to queue ${queue}\n`);
  await rm.call(applicationMove, { applicationId, queue, user });
  out('Successfully completed move.\n');
  return 0;
}

async function setPriority(applicationId: ApplicationId, priority: number, { rm, out, user }: YarnIo): Promise<number> {
  out(`Updating priority of an application ${applicationId}\n`);
  const { priority: now } = await rm.call(applicationPriority, { applicationId, priority, user });
  out(
    now === priority
      ? `Successfully updated the application ${applicationId} with priority '${priority}'\n`
      : `Updated priority of an application ${applicationId} to cluster max priority ${now}\n`,
  );
  return 0;
}

async function setLifetime(applicationId: ApplicationId, seconds: number, { rm, out, user }: YarnIo): Promise<number> {
  out(`Updating timeout for given timeoutType: LIFETIME of an application ${applicationId}\n`);
  const { expiresAtMs } = await rm.call(applicationTimeout, { applicationId, expiresAtMs: Date.now() + seconds * 1000, user });
  out(`Successfully updated LIFETIME of an application ${applicationId}. New expiry time is ${iso8601(expiresAtMs ?? 0)}\n`);
  return 0;
}
