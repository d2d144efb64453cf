// An error of a task, stage or job: first what happened and the user's own line, the whole stack on demand. error-lines.ts finds them.
import { cause, firstUserLine, headline } from './error-lines.ts';

export function ErrorText({ text }: { text: string | undefined }) {
  if (text === undefined || text === '') return null;
  const line = firstUserLine(text);
  const first = headline(text);
  const why = cause(text);
  const more = text.trim().split('\n').length > 1 || first.length > 300;
  return (
    <div class="error-text">
      <strong>{first.length > 300 ? `${first.slice(0, 300)}…` : first}</strong>
      {why !== undefined && <strong>{why.slice(0, 300)}</strong>}
      {line !== undefined && (
        <span class="user-line">
          at <code>{line}</code>
        </span>
      )}
      {more && (
        <details>
          <summary>whole error</summary>
          <pre>{text}</pre>
        </details>
      )}
    </div>
  );
}
