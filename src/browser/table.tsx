// A table that sorts, searches and turns pages, its state in the address. The rows are here (DataTable) or come from the server a page at a time
// (ServerTable); both draw with TableView. Rows can be walked with j and k (keyboard.ts).
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { count } from './format.ts';
import { useUrl, useSetParams } from './router.tsx';

export type Column<Row> = {
  readonly key: string;
  readonly title: string;
  /** What the figure means, shown on hover and read aloud. */
  readonly hint?: string;
  readonly numeric?: boolean;
  readonly wide?: boolean;
  /** What to sort by; without it the column is not sorted (ServerTable: sorted by key unless false). */
  readonly by?: ((row: Row) => number | string | undefined) | false;
  readonly cell: (row: Row) => ComponentChildren;
};

export type TableState = {
  readonly sort: string;
  readonly descending: boolean;
  readonly page: number;
  readonly size: number;
  readonly search: string;
};
const SIZES = [20, 50, 100, 500];

/** A table's part of the query: `<id>.sort=-duration&<id>.page=2&<id>.size=50&<id>.q=text`. */
export function useTableState(id: string, usual: string, usualSize = 20): readonly [TableState, (changed: Partial<TableState>) => void] {
  const { params } = useUrl();
  const set = useSetParams();
  const sort = params.get(`${id}.sort`) ?? usual;
  const state: TableState = {
    sort: sort.replace(/^-/, ''),
    descending: sort.startsWith('-'),
    page: Math.max(1, Number.parseInt(params.get(`${id}.page`) ?? '1', 10) || 1),
    size: Math.min(500, Math.max(1, Number.parseInt(params.get(`${id}.size`) ?? '', 10) || usualSize)),
    search: params.get(`${id}.q`) ?? '',
  };
  const change = (changed: Partial<TableState>): void => {
    const next = { ...state, page: 1, ...changed };
    const text = `${next.descending ? '-' : ''}${next.sort}`;
    set({
      [`${id}.sort`]: text === usual ? undefined : text,
      [`${id}.page`]: next.page === 1 ? undefined : next.page,
      [`${id}.size`]: next.size === usualSize ? undefined : next.size,
      [`${id}.q`]: next.search,
    });
  };
  return [state, change];
}

type ViewProps<Row> = {
  readonly id: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly total: number;
  readonly state: TableState;
  readonly change: (changed: Partial<TableState>) => void;
  readonly sortable: (column: Column<Row>) => boolean;
  readonly searchHint?: string | undefined;
  readonly tools?: ComponentChildren;
  readonly empty?: string | undefined;
  readonly marked?: ((row: Row) => boolean) | undefined;
  /** A second row below, over the whole width. */
  readonly below?: ((row: Row) => ComponentChildren) | undefined;
};

export function TableView<Row>(props: ViewProps<Row>) {
  const { id, label, columns, rows, rowKey, total, state, change, sortable, searchHint, tools, empty, marked, below } = props;
  const pages = Math.max(1, Math.ceil(total / state.size));
  return (
    <div class="table" data-table={id}>
      <div class="tools">
        {searchHint !== undefined && <Search value={state.search} hint={searchHint} onSearch={(search) => change({ search })} />}
        {tools}
        {(pages > 1 || state.page > 1) && <Pager state={state} pages={pages} total={total} change={change} label={label} />}
      </div>
      <div class="scroll">
        <table aria-label={label}>
          <thead>
            <tr>
              {columns.map((c) => {
                const sorted = state.sort === c.key;
                const order = sorted ? (state.descending ? 'descending' : 'ascending') : undefined;
                return (
                  <th key={c.key} scope="col" class={c.numeric ? 'numeric' : ''} aria-sort={order} title={c.hint}>
                    {sortable(c) ? (
                      <button
                        type="button"
                        onClick={() => change({ sort: c.key, descending: sorted ? !state.descending : c.numeric === true })}
                      >
                        {c.title}
                        <span class={`arrow ${order ?? ''}`} aria-hidden="true" />
                      </button>
                    ) : (
                      c.title
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          {rows.map((row) => {
            const more = below?.(row);
            return (
              <tbody key={rowKey(row)}>
                <tr data-row={rowKey(row)} tabIndex={-1} class={marked?.(row) ? 'marked' : ''}>
                  {columns.map((c) => (
                    <td key={c.key} class={`${c.numeric ? 'numeric' : ''}${c.wide ? ' wide' : ''}`}>
                      {c.cell(row)}
                    </td>
                  ))}
                </tr>
                {more !== undefined && more !== null && more !== false && (
                  <tr class="below">
                    <td colSpan={columns.length}>{more}</td>
                  </tr>
                )}
              </tbody>
            );
          })}
        </table>
        {rows.length === 0 && (
          <p class="empty">{state.search === '' ? (empty ?? 'Nothing here.') : `Nothing matches “${state.search}”.`}</p>
        )}
      </div>
    </div>
  );
}

/** Waits for a pause in typing. What the address says wins when it changes by other means. */
function Search({ value, hint, onSearch }: { value: string; hint: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onSearch(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input type="search" class="search" placeholder={hint} aria-label={hint} value={text} onInput={(e) => setText(e.currentTarget.value)} />
  );
}

type PagerProps = {
  readonly state: TableState;
  readonly pages: number;
  readonly total: number;
  readonly label: string;
  readonly change: (changed: Partial<TableState>) => void;
};
function Pager({ state, pages, total, label, change }: PagerProps) {
  const first = (state.page - 1) * state.size + 1;
  const step = (page: number, text: string, name: string) => (
    <button type="button" disabled={page < 1 || page > pages || page === state.page} aria-label={name} onClick={() => change({ page })}>
      {text}
    </button>
  );
  return (
    <nav class="pager" aria-label={`pages of ${label}`}>
      <span>
        {count(Math.min(first, total))}–{count(Math.min(total, first + state.size - 1))} of {count(total)}
      </span>
      {step(1, '«', 'first page')}
      {step(state.page - 1, '‹', 'previous page')}
      <label>
        <input
          type="number"
          min={1}
          max={pages}
          value={state.page}
          aria-label="page"
          onChange={(e) => change({ page: Math.min(pages, Math.max(1, Number(e.currentTarget.value) || 1)) })}
        />{' '}
        / {count(pages)}
      </label>
      {step(state.page + 1, '›', 'next page')}
      {step(pages, '»', 'last page')}
      <select aria-label="rows on a page" value={state.size} onChange={(e) => change({ size: Number(e.currentTarget.value) })}>
        {[...new Set([...SIZES, state.size])].map((n) => (
          <option key={n} value={n}>
            {n} rows
          </option>
        ))}
      </select>
    </nav>
  );
}

export function compareValues(a: number | string | undefined, b: number | string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

type DataProps<Row> = Pick<ViewProps<Row>, 'id' | 'label' | 'columns' | 'rows' | 'rowKey' | 'tools' | 'empty' | 'marked' | 'below'> & {
  /** Key to sort by at first, with `-` for descending. */
  readonly usual: string;
  /** The text that the search looks in. Without it there is no search. */
  readonly text?: (row: Row) => string;
  readonly searchHint?: string;
  readonly size?: number;
};
/** Rows that are all here. */
export function DataTable<Row>({ usual, text, searchHint = 'Search', size, ...props }: DataProps<Row>) {
  const [state, change] = useTableState(props.id, usual, size);
  const by = props.columns.find((c) => c.key === state.sort)?.by;
  const sorted = useMemo(() => {
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = text && words.length > 0 ? props.rows.filter((r) => words.every((w) => text(r).toLowerCase().includes(w))) : props.rows;
    if (!by) return found;
    const sign = state.descending ? -1 : 1;
    return [...found].sort((a, b) => sign * compareValues(by(a), by(b)));
  }, [props.rows, state.sort, state.descending, state.search]);
  const pages = Math.max(1, Math.ceil(sorted.length / state.size));
  const page = Math.min(state.page, pages);
  return (
    <TableView
      {...props}
      rows={sorted.slice((page - 1) * state.size, page * state.size)}
      total={sorted.length}
      state={{ ...state, page }}
      change={change}
      sortable={(c) => typeof c.by === 'function'}
      searchHint={text && (props.rows.length > 5 || state.search !== '') ? searchHint : undefined}
    />
  );
}
