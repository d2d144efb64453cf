// The HTTP server of a daemon, as little of it as a start may cost: it listens at once, so that the address is known, and loads what answers
// (the daemon's http/ folder, with fastify) at the first request. A daemon runs on without one when no port is free. What is answered: web-app.ts.
import { rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError } from '../common/errors.ts';
import type { Logger } from '../common/ports.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type WebServerOptions = {
  /** `ResourceManager`, in messages. */
  readonly what: string;
  /** `host:port` of the settings; port 0: any. */
  readonly address: string;
  /** PEM texts: then only TLS is spoken. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly maxRetries: number;
  readonly logger: Logger;
  /** Its URL is written there, for scripts. */
  readonly addressFile: string;
};

const LAST_PORT = 65_535;
/** A client that has not sent its head by then is cut off: half-open connections must not add up. */
const HEAD_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** How often such are looked for; Node.js would every 30 s. */
const CHECK_MS = 2_000;
const MOST_CONNECTIONS = 2_000;

export class WebServer {
  readonly #options: WebServerOptions;
  #server: Server | undefined;
  #load: (() => Promise<RequestHandler>) | undefined;
  #handler: Promise<RequestHandler> | undefined;
  #url = '';

  constructor(options: WebServerOptions) {
    this.#options = options;
  }

  /** `http://127.0.0.1:8088`; '' while it does not listen. */
  get url(): string {
    return this.#url;
  }

  /** `127.0.0.1:8088`, as YARN's httpAddress; '' while it does not listen. */
  get hostPort(): string {
    return this.#url.replace(/^https?:\/\//, '');
  }

  /** Listens. Never fails for want of a port: then `url` stays '', and the log says why. @throws AppError CONFIG_BAD_VALUE */
  async open(): Promise<void> {
    const { what, address, tls, maxRetries, logger, addressFile } = this.#options;
    const { host, port } = hostAndPort(address, what);
    for (let retry = 0; ; retry++) {
      const tried = port === 0 ? 0 : port + retry;
      const server = makeServer(tls, (request, response) => this.#answer(request, response));
      try {
        await listen(server, tried, host);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' && retry < maxRetries && port !== 0 && tried < LAST_PORT) {
          logger.warn(`${what} web server could not bind on port ${tried}. Attempting port ${tried + 1}.`);
          continue;
        }
        logger.error(`${what} has no web server: ${message}. It runs on without; its webapp.address says where it may listen.`);
        return;
      }
      this.#server = server;
      const bound = (server.address() as { port: number }).port;
      this.#url = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`;
      writeFileSync(addressFile, `${this.#url}\n`, { mode: 0o600 });
      return;
    }
  }

  /** From now on requests are answered; before, with 503. */
  serve(load: () => Promise<RequestHandler>): void {
    this.#load = load;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    rmSync(this.#options.addressFile, { force: true });
    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#load === undefined) return refuse(response, 503, `The ${this.#options.what} is starting.`);
    if (this.#handler === undefined) {
      this.#handler = this.#load();
      this.#handler.catch(() => {
        this.#handler = undefined; // the next request tries again
      });
    }
    this.#handler.then(
      (handler) => handler(request, response),
      (error: Error) => {
        this.#options.logger.error(`The web server can't be loaded: ${error.stack ?? error.message}`);
        refuse(response, 500, `The web server can't be loaded: ${error.message}`);
      },
    );
  }
}

function makeServer(tls: WebServerOptions['tls'], answer: RequestHandler): Server {
  const limits = { headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: CHECK_MS };
  // Not import(): that reads all exports, one of them makes Node.js load its whole HTTP client.
  const server =
    tls === undefined
      ? process.getBuiltinModule('node:http').createServer(limits, answer)
      : process
          .getBuiltinModule('node:https')
          .createServer({ ...limits, key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2', handshakeTimeout: HEAD_TIMEOUT_MS }, answer);
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

/** `127.0.0.1:8088`, `[::1]:8088`, `:8088`. `localhost` is 127.0.0.1: which of its two addresses a resolver gives must not decide. */
export function hostAndPort(address: string, what: string): { host: string; port: number } {
  const [, named = '', port = ''] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  // A word without a port must not open all interfaces.
  if (port === '' || Number(port) > LAST_PORT)
    throw new AppError('CONFIG_BAD_VALUE', {
      key: `webapp.address of the ${what}`,
      value: address,
      expected: `host:port, with a port up to ${LAST_PORT}`,
      where: 'settings',
    });
  const host = named.replace(/^\[|\]$/g, '');
  return { host: host === '' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host, port: Number(port) };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
