// yarn application: list, status, kill; changes of its queue, priority and lifetime are application-changes.ts. The other operations of YARN's command are refused with a sentence.
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import { nearest } from '../../common/suggest.ts';
import { applicationChanged, applicationKill, applicationReport, applicationWatch } from '../../rpc/messages/client.ts';
import type { ApplicationReport, ApplicationState } from '../../rpc/messages/shapes.ts';
import { isFinalState } from '../render/application-report.ts';
import { applicationStatus } from '../render/yarn-reports.ts';
import { CHANGE_OPTIONS, changeApplication } from './application-changes.ts';
import { applicationTable } from '../render/yarn-tables.ts';
import { listApplications } from '../list-applications.ts';
import { EXIT_NOT_FOUND, type YarnCommand, type YarnIo } from './command.ts';
import type { ParsedOptions } from './options.ts';

const ALL_STATES: readonly ApplicationState[] = ['NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED'];
export const LIVE_STATES: readonly ApplicationState[] = ['SUBMITTED', 'ACCEPTED', 'RUNNING'];
/** How long -kill waits for the end; the request itself stands however long the application takes. */
const KILL_WAIT_MS = 30_000;

export const applicationCommand: YarnCommand = {
  usage: 'application',
  options: {
    list: {
      takes: 'none',
      help: 'List applications. Supports -appStates, -appTypes, -appTags and -queue to filter; without -appStates those that have not ended.',
    },
    status: { takes: 'one', value: 'Application ID', help: 'Prints the status of the application.' },
    kill: {
      takes: 'optionalList',
      value: 'Application ID',
      help: 'Kills the application. A set of ids can be given, separated by spaces; or none, and at least one of -appName, -user, -appTags, -appTypes, -queue, -appStates: all that match and have not ended. Waits for the end.',
    },
    appStates: { takes: 'list', value: 'States', help: `Works with -list: comma-separated states, of ALL,${ALL_STATES.join(',')}` },
    appTypes: { takes: 'list', value: 'Types', help: 'Works with -list: comma-separated application types.' },
    appTags: { takes: 'list', value: 'Tags', help: 'Works with -list: comma-separated tags.' },
    appName: {
      takes: 'one',
      value: 'Name',
      help: 'Works with -list and -kill: applications of this name; * stands for any text. (Not of YARN.)',
    },
    user: { takes: 'one', value: 'User', help: 'Works with -list and -kill: applications of this user. (Not of YARN.)' },
    queue: { takes: 'one', value: 'Queue', help: 'Works with -list: applications of this queue only; with -movetoqueue: where to.' },
    ...CHANGE_OPTIONS,
    help: { takes: 'none', help: 'Displays help for all commands.' },
  },
  async run(options, io) {
    if (options.has('list')) return await list(options, io);
    if (options.has('kill')) return await killThese(options, io);
    if (options.has('status')) return await status(options.one('status')!, io);
    return await changeApplication(options, io, (id) => reportOf(io.rm, parseId(id)));
  },
};

async function list(options: ParsedOptions, { rm, out, err }: YarnIo): Promise<number> {
  const named = options.all('appStates').map((s) => s.toUpperCase());
  const wrong = named.find((s) => s !== 'ALL' && !ALL_STATES.includes(s as ApplicationState));
  if (wrong !== undefined) {
    const meant = nearest(wrong, ALL_STATES);
    err(
      `The application state ${wrong} is invalid.${meant === undefined ? '' : ` Did you mean ${meant}?`}\nThe valid application state can be one of the following: ALL,${ALL_STATES.join(',')}\n`,
    );
    return EXIT_NOT_FOUND;
  }
  const states = named.includes('ALL') ? ALL_STATES : named.length === 0 ? LIVE_STATES : ALL_STATES.filter((s) => named.includes(s));
  const filter = { states: [...states], types: options.all('appTypes').map((t) => t.toUpperCase()), tags: options.all('appTags') };
  const more = { queue: options.one('queue'), user: options.one('user'), name: options.one('appName') };
  const applications = await listApplications(rm, { ...filter, ...more });
  out(applicationTable(applications, filter));
  return 0;
}

async function status(id: string, { rm, out, cluster: { settings } }: YarnIo): Promise<number> {
  const report = await reportOf(rm, parseId(id));
  out(report === undefined ? notFound(id) : applicationStatus(report, settings.need(KEYS.logAggregation)));
  return report === undefined ? EXIT_NOT_FOUND : 0;
}

const notFound = (id: string): string => `Application with id '${id}' doesn't exist in RM or Timeline Server.\n`;

export async function reportOf(rm: YarnIo['rm'], applicationId: ApplicationId): Promise<ApplicationReport | undefined> {
  try {
    return await rm.call(applicationReport, { applicationId });
  } catch (error) {
    if (error instanceof AppError && error.code === 'APPLICATION_UNKNOWN') return undefined;
    throw error;
  }
}

export function parseId(id: string): ApplicationId {
  if (!isApplicationId(id))
    throw new AppError('SUBMIT_USAGE', { reason: `Invalid ApplicationId: ${id}; it looks like application_1700000000000_0001` });
  return id;
}

const KILL_FILTERS = ['appName', 'user', 'appTags', 'appTypes', 'queue', 'appStates'];

/** Those that are named, or all live ones that match: never all for want of a filter. */
async function killThese(options: ParsedOptions, io: YarnIo): Promise<number> {
  const ids = options.all('kill');
  if (ids.length > 0) return await killAll(ids, io);
  if (!KILL_FILTERS.some((name) => options.has(name)))
    throw new AppError('SUBMIT_USAGE', {
      reason: `-kill takes application ids, or one of ${KILL_FILTERS.map((name) => `-${name}`).join(', ')}`,
    });
  const named = options.all('appStates').map((s) => s.toUpperCase());
  const wrong = named.find((s) => !LIVE_STATES.includes(s as ApplicationState));
  if (wrong !== undefined)
    throw new AppError('SUBMIT_USAGE', { reason: `-kill can't end what is ${wrong}: its states are ${LIVE_STATES.join(', ')}` });
  const applications = await listApplications(io.rm, {
    states: LIVE_STATES.filter((s) => named.length === 0 || named.includes(s)),
    types: options.all('appTypes').map((t) => t.toUpperCase()),
    tags: options.all('appTags'),
    queue: options.one('queue'),
    user: options.one('user'),
    name: options.one('appName'),
  });
  if (applications.length === 0) io.out('No application matches\n');
  return await killAll(
    applications.map((a) => a.applicationId),
    io,
  );
}

async function killAll(ids: readonly string[], io: YarnIo): Promise<number> {
  let code = 0;
  for (const id of ids) if ((await kill(parseId(id), io)) !== 0) code = EXIT_NOT_FOUND;
  return code;
}

async function kill(applicationId: ApplicationId, { rm, out, err, log, user }: YarnIo): Promise<number> {
  const before = await reportOf(rm, applicationId);
  if (before === undefined) {
    err(notFound(applicationId));
    return EXIT_NOT_FOUND;
  }
  if (isFinalState(before.state)) {
    out(`Application ${applicationId} has already finished \n`);
    return 0;
  }
  out(`Killing application ${applicationId}\n`);
  if (isFinalState((await killAndWait(rm, applicationId, user)).state)) {
    log.info(`Killed application ${applicationId}`);
    return 0;
  }
  err(`${applicationId} has not ended within ${KILL_WAIT_MS / 1000} s; the kill stands, -status shows what became of it.\n`);
  return 1;
}

/**
 * Asks for the end and waits for it, at most 30 s. @returns the last report; not final when it still ends
 * @throws AppError APPLICATION_UNKNOWN
 */
export async function killAndWait(rm: YarnIo['rm'], applicationId: ApplicationId, user: string): Promise<ApplicationReport> {
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, KILL_WAIT_MS);
    const see = (report: ApplicationReport) => {
      if (report.applicationId !== applicationId || !isFinalState(report.state)) return;
      clearTimeout(timer);
      resolve();
    };
    rm.on(applicationChanged, see);
    rm.call(applicationWatch, { applicationId }).then(see, () => clearTimeout(timer)); // what fails here fails the kill below too
  });
  const asked = await rm.call(applicationKill, {
    applicationId,
    user,
    diagnostics: `Application ${applicationId} was killed by user ${user}`,
  });
  if (isFinalState(asked.state)) return asked;
  await ended;
  return await rm.call(applicationReport, { applicationId });
}
