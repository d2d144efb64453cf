// Links to an executor's logs. The addresses come from outside (a node, an event log), so only those of the web are made links.

/** Only addresses of the web: a log link comes from outside. */
export function LogLinks({ logs }: { logs: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(logs)
        .filter(([, url]) => /^(https?:\/\/|\/(?!\/))/.test(url))
        .map(([name, url]) => (
          <a key={name} href={url} class="log" rel="noreferrer">
            {name}
          </a>
        ))}
    </>
  );
}
