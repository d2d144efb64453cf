// spark-submit --kill and --status, for application ids of our ResourceManager (Spark knows them for standalone and Kubernetes only).
// Both always answer on stdout, in the form that parsers of `/v1/submissions/status` expect: `"key" : value`, one key a line.
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import { applicationKill, applicationReport } from '../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';
import { type Environment, findCluster } from '../../platform/find-cluster.ts';
import { connectRm } from '../rm-client.ts';
import { errorReport } from '../render/error-report.ts';
import { jacksonText } from '../render/jackson.ts';
import type { SubmitArguments } from './arguments.ts';
import { SPARK_VERSION } from './help.ts';
import { userOf } from './prepare.ts';

/** @throws AppError RM_UNREACHABLE, AUTH_REFUSED, APPLICATION_UNKNOWN, SUBMIT_USAGE */
export async function killOrStatus(args: SubmitArguments, { confDir, env }: { confDir: string; env: Environment }): Promise<number> {
  const id = (args.fields.kill ?? args.fields.status)!;
  const master = args.fields.master!;
  // No master given is the embedded default for a submit; for an application id only the cluster can be meant.
  if (master !== 'yarn' && args.given.has('master'))
    throw new AppError('SUBMIT_USAGE', { reason: `No external SparkSubmitOperations clients found for master url: '${master}'` });
  if (!isApplicationId(id))
    throw new AppError('SUBMIT_USAGE', { reason: `${id} is no application id (application_<13 digits>_<4 or more digits>)` });
  const user = userOf(env);
  const rm = await connectRm(await findCluster(confDir, env, args.properties.get('spark.hadoop.yarn.resourcemanager.address')), user);
  try {
    process.stdout.write(`${jacksonText(args.action === 'kill' ? await kill(id, user) : statusAnswer(await report(id)))}\n`);
    return 0;
  } catch (error) {
    // YARN's commands end with 255 here; spark-submit knows only 1.
    if (!(error instanceof AppError) || error.code !== 'APPLICATION_UNKNOWN') throw error;
    process.stderr.write(errorReport(error, false));
    return 1;
  } finally {
    rm.close();
  }

  function report(applicationId: ApplicationId): Promise<ApplicationReport> {
    return rm.call(applicationReport, { applicationId });
  }

  async function kill(applicationId: ApplicationId, by: string): Promise<Record<string, unknown>> {
    const before = await report(applicationId);
    const ended = isFinal(before.state);
    if (!ended) await rm.call(applicationKill, { applicationId, user: by, diagnostics: `killed with spark-submit --kill by ${by}` });
    return {
      action: 'KillSubmissionResponse',
      message: ended ? `Application ${applicationId} has already finished` : `Kill request for ${applicationId} submitted`,
      serverSparkVersion: SPARK_VERSION,
      submissionId: applicationId,
      success: !ended,
    };
  }
}

const isFinal = (state: ApplicationReport['state']): boolean => state === 'FINISHED' || state === 'FAILED' || state === 'KILLED';

/** Field names of Spark's SubmissionStatusResponse, in its (alphabetical) order, and YARN's two states beside it. */
export function statusAnswer(report: ApplicationReport): Record<string, unknown> {
  return {
    action: 'SubmissionStatusResponse',
    applicationState: report.state,
    diagnostics: report.diagnostics,
    driverState: driverState(report),
    finalStatus: report.finalStatus,
    message: report.diagnostics,
    name: report.name,
    queue: report.queue,
    serverSparkVersion: SPARK_VERSION,
    submissionId: report.applicationId,
    success: true,
    user: report.user,
  };
}

/** The word of Spark's DriverState that tools wait for. */
function driverState({ state, finalStatus }: ApplicationReport): string {
  if (state === 'FINISHED') return finalStatus === 'SUCCEEDED' ? 'FINISHED' : finalStatus === 'KILLED' ? 'KILLED' : 'FAILED';
  if (state === 'FAILED' || state === 'KILLED' || state === 'RUNNING') return state;
  return 'SUBMITTED';
}
