// A list that the server finds, filters by state, sorts and cuts to a page (model/select-page.ts): applications and nodes. What was chosen stands in the
// address; what has arrived stays on the page while newer data is on its way.
import type { ComponentChildren } from 'preact';
import { Loading } from '../../browser/parts.tsx';
import { queryText, useUrl } from '../../browser/router.tsx';
import { type Column, TableView, useTableState } from '../../browser/table.tsx';
import { Choice } from './choice.tsx';
import { useUi } from './page-links.tsx';

type Answer = { readonly total: number; readonly byState: Readonly<Record<string, number>> };
type Props<Row, A extends Answer> = {
  /** Of the table and of what is asked: `apps`. */
  readonly id: string;
  readonly label: string;
  readonly usual: string;
  readonly size: number;
  readonly rowsOf: (answer: A) => readonly Row[];
  readonly columnsOf: (rows: readonly Row[], search: string) => readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly below: (row: Row) => ComponentChildren;
  /** States to choose from. */
  readonly states: (byState: Answer['byState'], chosen: string) => readonly string[];
  readonly searchHint: string;
  /** What is said when there is not one. */
  readonly none: string;
};

export function ServedTable<Row, A extends Answer>(props: Props<Row, A>) {
  const { id, label } = props;
  const { params } = useUrl();
  const [state, change] = useTableState(id, props.usual, props.size);
  const chosen = params.get('state') ?? '';
  const query = queryText({
    offset: (state.page - 1) * state.size,
    length: state.size,
    sortBy: state.sort,
    descending: String(state.descending),
    search: state.search,
    state: chosen,
  });
  const { data, error } = useUi<A>(`${id}${query}`, id);
  if (data === undefined && error !== undefined) return <Loading error={error} />;
  const rows = data === undefined ? [] : props.rowsOf(data);
  const byState = data?.byState ?? {};
  const all = Object.values(byState).reduce((sum, n) => sum + n, 0);
  const states = props.states(byState, chosen);
  const several = chosen !== '' && !states.includes(chosen) ? [{ value: chosen, name: chosen.toLowerCase().replaceAll(',', ', ') }] : [];
  const nothing = all === 0 && state.search === '' ? props.none : 'None in this state.';
  return (
    <section class="section list" aria-label={label}>
      <TableView
        id={id}
        label={label}
        columns={props.columnsOf(rows, state.search)}
        rows={rows}
        rowKey={props.rowKey}
        total={data?.total ?? 0}
        state={state}
        change={change}
        sortable={(c) => c.by !== false}
        searchHint={props.searchHint}
        empty={data === undefined ? 'Loading …' : nothing}
        below={props.below}
        tools={
          <Choice
            param="state"
            label={`state of ${label}`}
            resets={`${id}.page`}
            options={[
              { value: '', name: 'all', size: data && all },
              ...states.map((s) => ({ value: s, name: s.toLowerCase(), size: data && (byState[s] ?? 0) })),
              ...several,
            ]}
          />
        }
      />
    </section>
  );
}
