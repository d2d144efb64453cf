// The page's pulse: the server's event stream says that something has changed, and whoever shows data asks again (use-data.ts). A change may name
// topics; who listens to another topic is left in peace. Without a stream (history server, an old proxy) nothing pulses and nothing is lost.
// EventSource connects again by itself.
type Listener = () => void;
export type LiveState = 'live' | 'lost' | 'off';

const listeners = new Map<Listener, string | undefined>();
const stateListeners = new Set<(state: LiveState) => void>();
let state: LiveState = 'off';
let source: EventSource | undefined;

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const tell of stateListeners) tell(next);
}

export const liveState = (): LiveState => state;
/** Calls `hear` with each change of `topic`, without one with all; the answer ends that. */
export function onChange(hear: Listener, topic?: string): () => void {
  listeners.set(hear, topic);
  return () => void listeners.delete(hear);
}
export function onLiveState(hear: (state: LiveState) => void): () => void {
  stateListeners.add(hear);
  return () => void stateListeners.delete(hear);
}
/** @param topics undefined: anything may have changed */
export const pulse = (topics?: readonly string[]): void => {
  for (const [hear, topic] of listeners) if (topics === undefined || topic === undefined || topics.includes(topic)) hear();
};

function topicsIn(data: string): readonly string[] | undefined {
  try {
    return (JSON.parse(data) as { topics?: readonly string[] }).topics;
  } catch {
    return undefined;
  }
}

/**
 * A page in the background asks nothing; it asks once when it is seen again.
 * @param more events of other names, with their data
 */
export function startLive(url: string, more: Readonly<Record<string, (data: unknown) => void>> = {}): void {
  if (source !== undefined || typeof EventSource === 'undefined') return;
  let missed = false;
  const heard = (e: MessageEvent<string>): void => {
    if (document.hidden) missed = true;
    else pulse(topicsIn(e.data));
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || !missed) return;
    missed = false;
    pulse();
  });
  source = new EventSource(url);
  source.onopen = () => {
    // After a break the server's next event may be far away: ask now.
    if (state === 'lost') pulse();
    become('live');
  };
  source.onmessage = heard;
  for (const name of ['change', 'version']) source.addEventListener(name, heard);
  for (const [name, hear] of Object.entries(more)) source.addEventListener(name, (e) => hear(JSON.parse((e as MessageEvent<string>).data)));
  source.onerror = () => become(source?.readyState === EventSource.CLOSED && state === 'off' ? 'off' : 'lost');
}
