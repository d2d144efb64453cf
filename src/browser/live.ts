// The page's pulse: the driver's event stream says that something has changed, and whoever shows data asks again (use-data.ts). Without a stream
// (history server, an old proxy) nothing pulses and nothing is lost. EventSource connects again by itself.
type Listener = () => void;
export type LiveState = 'live' | 'lost' | 'off';

const listeners = new Set<Listener>();
const stateListeners = new Set<(state: LiveState) => void>();
let state: LiveState = 'off';
let source: EventSource | undefined;

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const tell of stateListeners) tell(next);
}

export const liveState = (): LiveState => state;
/** Calls `hear` with each change; the answer ends that. */
export function onChange(hear: Listener): () => void {
  listeners.add(hear);
  return () => void listeners.delete(hear);
}
export function onLiveState(hear: (state: LiveState) => void): () => void {
  stateListeners.add(hear);
  return () => void stateListeners.delete(hear);
}
export const pulse = (): void => {
  for (const hear of listeners) hear();
};

/** A page in the background asks nothing; it asks once when it is seen again. */
export function startLive(url: string): void {
  if (source !== undefined || typeof EventSource === 'undefined') return;
  let missed = false;
  const heard = (): void => {
    if (document.hidden) missed = true;
    else pulse();
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
  source.onerror = () => become(source?.readyState === EventSource.CLOSED && state === 'off' ? 'off' : 'lost');
}
