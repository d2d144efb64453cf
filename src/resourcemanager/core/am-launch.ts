// What an AM container is launched with: the submitter's launch context, plus who it is and how it proves itself.
import type { LaunchContext } from '../../rpc/messages/shapes.ts';
import type { Cluster } from './cluster.ts';
import type { Attempt } from './entities.ts';

export function amLaunch(cluster: Cluster, attempt: Attempt): LaunchContext {
  const { application } = attempt;
  const { am } = application.submission;
  return {
    ...am!,
    env: {
      ...am!.env,
      EMBERLOOM_APPLICATION_ID: application.id,
      EMBERLOOM_ATTEMPT_ID: attempt.id,
      EMBERLOOM_RM_ADDRESS: cluster.settings.rmAddress,
    },
    secretEnv: { ...am!.secretEnv, EMBERLOOM_APP_SECRET: application.secret },
  };
}
