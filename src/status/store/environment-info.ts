// What an application ran with, as the environment page shows it: values that speak of a secret are covered. Source: Spark's
// ApplicationEnvironmentInfo.
import { redacted } from '../../common/redact.ts';
import type { Pairs } from '../events.ts';
import type { EnvironmentInfo } from './api-types.ts';
import type { StatusState } from './status-state.ts';

export function environmentInfo(state: StatusState): EnvironmentInfo | undefined {
  const found = state.environment;
  if (found === undefined) return undefined;
  const runtime = new Map(found.runtime);
  const value = (...names: string[]) => names.map((name) => runtime.get(name)).find((v) => v !== undefined) ?? '';
  return {
    runtime: {
      javaVersion: value('Java Version', 'Node Version'),
      javaHome: value('Java Home', 'Node Home'),
      scalaVersion: value('Scala Version', 'TypeScript Version'),
    },
    sparkProperties: safe(found.sparkProperties),
    hadoopProperties: safe(found.hadoopProperties),
    systemProperties: safe(found.systemProperties),
    metricsProperties: safe(found.metricsProperties),
    classpathEntries: found.classpathEntries,
    resourceProfiles: [...state.profiles.values()].map(({ id, executorResources, taskResources }) => ({
      id,
      executorResources: Object.fromEntries(executorResources.map(([name, amount]) => [name, { resourceName: name, amount }])),
      taskResources: Object.fromEntries(taskResources.map(([name, amount]) => [name, { resourceName: name, amount }])),
    })),
  };
}

const safe = (pairs: Pairs): Pairs => pairs.map(([name, value]): [string, string] => [name, redacted(name, value)]);
