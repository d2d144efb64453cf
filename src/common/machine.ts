// The one way state machines are written: a table of moves as data. docs/STATES.md is drawn from these tables and a
// test asks which cells nobody ever took. What carries the effects out lives in each daemon's service/.
import { InvariantError } from './invariant.ts';

export type Tagged = { readonly tag: string };
export type Step<S, F> = { readonly next: S; readonly effects: readonly F[] };

/** One cell: the states it may lead to and a pure move, or the reason why nothing happens. */
export type Cell<S extends Tagged, E extends Tagged, F, s extends S['tag'], e extends E['tag']> =
  | { readonly ignore: string }
  | {
      readonly to: readonly S['tag'][];
      readonly run: (state: Extract<S, { tag: s }>, event: Extract<E, { tag: e }>) => Step<S, F>;
    };

/** state → event → move. An absent cell means the event cannot happen there. */
export type Table<S extends Tagged, E extends Tagged, F> = {
  readonly [s in S['tag']]: { readonly [e in E['tag']]?: Cell<S, E, F, s, e> };
};

/** For an event that is normal here and changes nothing. The reason is required: it says why silence is right. */
export const ignore = (why: string): { readonly ignore: string } => ({ ignore: why });

export const move = <S, F>(next: S, ...effects: F[]): Step<S, F> => ({ next, effects });

const NOTHING_TO_DO: readonly never[] = [];

/**
 * Takes one move of a table.
 * @throws InvariantError when the event cannot happen in this state, or the move led to a state it does not declare
 */
export function step<S extends Tagged, E extends Tagged, F>(table: Table<S, E, F>, state: S, event: E): Step<S, F> {
  const row = table[state.tag as S['tag']] as Record<string, unknown>;
  const cell = row[event.tag] as Cell<S, E, F, S['tag'], E['tag']> | undefined;
  if (cell === undefined) throw new InvariantError(`${event.tag} cannot happen in ${state.tag}`);
  if ('ignore' in cell) return { next: state, effects: NOTHING_TO_DO };
  const taken = cell.run(state as never, event as never);
  if (!cell.to.includes(taken.next.tag)) throw new InvariantError(`${state.tag} + ${event.tag} went to ${taken.next.tag}`);
  return taken;
}
