// A question before something that can't be undone: killing a job or stage. The browser's own dialog element, so the keyboard works as usual.
import { useEffect, useRef, useState } from 'preact/hooks';
import { pulse } from './live.ts';

type Props = { readonly label: string; readonly question: string; readonly consequence: string; readonly url: string };

/** A button that asks, then sends a POST to `url`. */
export function KillButton({ label, question, consequence, url }: Props) {
  const [open, setOpen] = useState(false);
  const [fault, setFault] = useState<string>();
  const [sent, setSent] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  const kill = async (): Promise<void> => {
    try {
      // The server answers a form with a redirect to the list; this page stays where it is.
      // The header: no page of another site can set one (CSRF).
      const answer = await fetch(url, { method: 'POST', redirect: 'manual', headers: { 'x-xsrf-header': '1' } });
      if (!answer.ok && answer.type !== 'opaqueredirect') throw new Error((await answer.text()).slice(0, 300) || answer.statusText);
      setSent(true);
      dialog.current?.close();
      pulse();
    } catch (e) {
      setFault((e as Error).message);
    }
  };
  return (
    <>
      <button type="button" class="kill" disabled={sent} onClick={() => setOpen(true)}>
        {sent ? 'killing …' : label}
      </button>
      {open && (
        <dialog ref={dialog} class="ask" onClose={() => setOpen(false)} aria-labelledby="ask-title">
          <h2 id="ask-title">{question}</h2>
          <p>{consequence}</p>
          {fault !== undefined && (
            <p class="note bad" role="alert">
              It was not killed: {fault}
            </p>
          )}
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Keep it running
            </button>
            <button type="button" class="danger" onClick={() => void kill()}>
              Kill
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}
