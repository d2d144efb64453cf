// Which Host header a request may have: names of this host and addresses. A stranger's name that resolves to us (DNS rebinding) is refused.

/** @param header `name`, `name:port`, `[::1]:port`; undefined: HTTP/1.0, which no browser speaks */
export function allowedHost(header: string | undefined, hostNames: readonly string[]): boolean {
  if (header === undefined) return true;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (/^\[[0-9a-f:.]+\]$/.test(name) || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return true;
  return hostNames.some((own) => own.toLowerCase() === name);
}
