// One of several, or all: a row of radio buttons whose choice stands in the address.
import { count } from '../../browser/format.ts';
import { useSetParams, useUrl } from '../../browser/router.tsx';

type Props = {
  readonly param: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly name: string; readonly size?: number | undefined }[];
  /** Taken out of the address when the choice changes, such as the page of a table. */
  readonly resets?: string;
};

export function Choice({ param, label, options, resets }: Props) {
  const { params } = useUrl();
  const set = useSetParams();
  const chosen = params.get(param) ?? '';
  return (
    <fieldset class="choice states">
      <legend class="unseen">{label}</legend>
      {options.map(({ value, name, size }) => (
        <label key={value} class={chosen === value ? 'chosen' : ''}>
          <input
            type="radio"
            name={param}
            checked={chosen === value}
            onChange={() => set({ [param]: value, ...(resets !== undefined && { [resets]: '' }) })}
          />
          {name}
          {size !== undefined && <span class="size">{count(size)}</span>}
        </label>
      ))}
    </fieldset>
  );
}
