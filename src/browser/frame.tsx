// What stands around every page of ours, whoever serves it: the mark, the way past the head, the dot that says whether the page is live, headings.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type LiveState, liveState, onLiveState } from './live.ts';

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true" class="mark">
      <path d="M16 2c1.500 7 9 9.500 9 18a9 9 0 0 1-18 0c0-4 2-6.500 4-8 0 2.500.5 4 2 4.500C12.500 11 13.500 6 16 2z" />
    </svg>
  );
}

export const SkipLink = () => (
  <a class="skip" href="#main">
    Skip to the page
  </a>
);

/** @param lost what is said when the stream has broken off */
export function LiveDot({ follows, lost }: { follows: string; lost: string }) {
  const [state, setState] = useState<LiveState>(liveState());
  useEffect(() => onLiveState(setState), []);
  if (state === 'off') return null;
  return (
    <span class={`live ${state}`} role="status" title={state === 'live' ? follows : lost}>
      {state === 'live' ? 'live' : 'not connected'}
    </span>
  );
}

/** A page's heading; it also names the browser's tab. */
export function Heading({ title, children }: { title: string; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Emberloom`;
  }, [title]);
  return (
    <div class="heading">
      <h1>{title}</h1>
      {children}
    </div>
  );
}
