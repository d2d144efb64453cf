// Environment: the settings, properties and files the application runs with. Values that look secret are hidden by the server.
// Source: Spark's EnvironmentPage.
import type { EnvironmentInfo } from '../../../store/api-types.ts';
import { useApp } from '../application.tsx';
import { Facts, Loading, Section } from '../../../../browser/parts.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';

type Pair = readonly [string, string];
const columns = (name: string, value: string): readonly Column<Pair>[] => [
  { key: 'name', title: name, wide: true, by: (p) => p[0], cell: (p) => <span class="strong">{p[0]}</span> },
  { key: 'value', title: value, wide: true, by: (p) => p[1], cell: (p) => <code>{p[1]}</code> },
];

type Group = { readonly id: string; readonly title: string; readonly pairs: readonly Pair[]; readonly closed?: boolean };

export function EnvironmentPage() {
  const { environment: e, error } = useApp();
  return (
    <>
      <Heading title="Environment" />
      {e === undefined ? (
        <Loading error={error} />
      ) : (
        <>
          <Facts
            facts={[
              ['Runtime', e.runtime.javaVersion],
              ['Engine', e.runtime.scalaVersion],
              ['Installed in', <code>{e.runtime.javaHome}</code>],
            ]}
          />
          {groupsOf(e).map((g) => (
            <Section key={g.id} id={g.id} title={g.title} size={g.pairs.length} closed={g.closed === true}>
              <DataTable
                id={g.id}
                label={g.title}
                columns={columns(g.id === 'classpath' ? 'File' : 'Name', g.id === 'classpath' ? 'Source' : 'Value')}
                rows={g.pairs}
                rowKey={(p) => `${p[0]} ${p[1]}`}
                usual="name"
                size={50}
                text={(p) => p.join(' ')}
                searchHint={`Search ${g.title.toLowerCase()}`}
              />
            </Section>
          ))}
          <Section id="profiles" title="Resource profiles" size={e.resourceProfiles.length}>
            <DataTable
              id="profiles"
              label="resource profiles"
              columns={PROFILES}
              rows={e.resourceProfiles}
              rowKey={(p) => p.id}
              usual="id"
            />
          </Section>
        </>
      )}
    </>
  );
}

const groupsOf = (e: EnvironmentInfo): readonly Group[] => [
  { id: 'spark', title: 'Spark properties', pairs: e.sparkProperties },
  { id: 'hadoop', title: 'Hadoop properties', pairs: e.hadoopProperties, closed: true },
  { id: 'system', title: 'System properties', pairs: e.systemProperties, closed: true },
  { id: 'metrics', title: 'Metrics properties', pairs: e.metricsProperties, closed: true },
  { id: 'classpath', title: 'Files', pairs: e.classpathEntries, closed: true },
];

type Profile = EnvironmentInfo['resourceProfiles'][number];
const amounts = (of: Profile['taskResources']): string =>
  Object.values(of)
    .map((r) => `${r.resourceName}: ${r.amount}`)
    .join(', ');
const PROFILES: readonly Column<Profile>[] = [
  { key: 'id', title: 'Profile', by: (p) => p.id, cell: (p) => p.id },
  { key: 'executor', title: 'Executor', cell: (p) => amounts(p.executorResources) },
  { key: 'task', title: 'Task', cell: (p) => amounts(p.taskResources) },
];
