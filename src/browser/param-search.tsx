// A search field whose text stands in the address, so that a link finds the same. Tables' fields, which wait before they ask the server, are table.tsx.
import { useUrl, useSetParams } from './router.tsx';

export function ParamSearch({ param, hint, label }: { readonly param: string; readonly hint: string; readonly label: string }) {
  const { params } = useUrl();
  const set = useSetParams();
  return (
    <input
      type="search"
      class="search"
      placeholder={hint}
      aria-label={label}
      value={params.get(param) ?? ''}
      onInput={(e) => set({ [param]: e.currentTarget.value })}
    />
  );
}
