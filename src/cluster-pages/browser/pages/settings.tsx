// Every setting of the daemon, its value, where it was set and what it trades. Secrets are hidden before they leave the daemon.
import { Heading } from '../../../browser/frame.tsx';
import { Loading } from '../../../browser/parts.tsx';
import { useUrl } from '../../../browser/router.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import type { SettingRow } from '../../model/settings.ts';
import { Choice } from '../choice.tsx';
import { useUi } from '../page-links.tsx';

export function SettingsPage() {
  const { params } = useUrl();
  const { data, error } = useUi<readonly SettingRow[]>('settings', false);
  const onlySet = params.get('show') !== 'all';
  const set = (data ?? []).filter((s) => s.from !== 'default');
  return (
    <>
      <Heading title="Settings" />
      {data === undefined ? (
        <Loading error={error} />
      ) : (
        <section class="section list" aria-label="settings">
          <DataTable
            id="settings"
            label="settings"
            columns={COLUMNS}
            rows={onlySet ? set : data}
            rowKey={(s) => s.name}
            usual="name"
            size={100}
            text={(s) => `${s.name} ${s.value} ${s.doc}`}
            searchHint="Search name, value, meaning"
            empty="Every setting has its usual value."
            tools={
              <Choice
                param="show"
                label="which settings"
                options={[
                  { value: '', name: 'set here', size: set.length },
                  { value: 'all', name: 'all', size: data.length },
                ]}
              />
            }
          />
        </section>
      )}
    </>
  );
}

const COLUMNS: readonly Column<SettingRow>[] = [
  { key: 'name', title: 'Name', by: (s) => s.name, cell: (s) => <code>{s.name}</code> },
  {
    key: 'value',
    title: 'Value',
    by: (s) => s.value,
    cell: (s) => <code class="value">{s.value === '' ? <span class="muted">not set</span> : s.value}</code>,
  },
  { key: 'from', title: 'From', by: (s) => s.from, cell: (s) => <span class="muted">{s.from}</span> },
  { key: 'doc', title: 'What it trades', wide: true, cell: (s) => s.doc },
];
