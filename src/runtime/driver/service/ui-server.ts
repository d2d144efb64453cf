// The driver's HTTP server, as little of it as a start may cost: it listens, and loads what answers (ui-app.ts, a bundle of its own) at the first
// request, or before when there is time (ui-warm-up.ts). It starts late, never delays a job and keeps no process alive. Source: Spark's SparkUI, Utils.startServiceOnPort.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from '../../../common/ports.ts';
import { allowedHost } from '../../../status/rest/hosts.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type UiServerOptions = {
  readonly bindAddress: string;
  /** 0: any. */
  readonly port: number;
  readonly maxRetries: number;
  /** Names by which this host is known, besides localhost and addresses. */
  readonly hostNames: readonly string[];
  readonly log: Logger;
  /** Once, when it is first needed. */
  readonly load: () => Promise<RequestHandler>;
};

const LAST_PORT = 65_535;
const FIRST_USER_PORT = 1_024;

export class UiServer {
  readonly #options: UiServerOptions;
  #server: Server | undefined;
  #handler: Promise<RequestHandler> | undefined;
  #url: string | undefined;
  #stopped = false;

  constructor(options: UiServerOptions) {
    this.#options = options;
  }

  /** undefined: it does not listen (yet, or any more). */
  get url(): string | undefined {
    return this.#url;
  }

  /** @returns undefined when no port was free; the application goes on without a page */
  async start(): Promise<string | undefined> {
    // Not import(): that reads all exports, one of them makes Node.js load its whole HTTP client, 20 ms of the first job.
    const { createServer } = process.getBuiltinModule('node:http');
    const { port, maxRetries, bindAddress, log } = this.#options;
    const utils = log.named('Utils');
    for (let retry = 0; retry <= (port === 0 ? 0 : maxRetries) && !this.#stopped; retry++) {
      // Past the last port it goes on at the first that is not the system's, as Spark.
      const tried = port === 0 ? 0 : port + retry <= LAST_PORT ? port + retry : FIRST_USER_PORT + (port + retry - LAST_PORT - 1);
      const server = createServer((request, response) => this.#answer(request, response));
      try {
        await listen(server, tried, bindAddress);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' && retry < maxRetries && port !== 0) {
          utils.warn(`Service 'SparkUI' could not bind on port ${tried}. Attempting port ${tried + 1}.`);
          continue;
        }
        utils.error(
          `Service 'SparkUI' failed after ${retry} retries (starting from ${port}): ${message}. The application goes on without it.`,
        );
        return undefined;
      }
      if (this.#stopped) {
        server.close();
        return undefined;
      }
      server.unref();
      server.on('connection', (socket) => socket.unref());
      this.#server = server;
      const bound = (server.address() as { port: number }).port;
      this.#url = `http://${this.#shownHost()}:${bound}`;
      utils.info(`Successfully started service 'SparkUI' on port ${bound}.`);
      log.named('SparkUI').info(`Bound SparkUI to ${bindAddress}, and started at ${this.#url}`);
      return this.#url;
    }
    return undefined;
  }

  /** What answers. @throws what went wrong; the next call tries again */
  load(): Promise<RequestHandler> {
    if (this.#handler !== undefined) return this.#handler;
    const loading = this.#options.load();
    this.#handler = loading;
    loading.catch(() => {
      this.#handler = undefined;
    });
    return loading;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#server === undefined) return;
    this.#options.log.named('SparkUI').info(`Stopped Spark web UI at ${this.#url}`);
    this.#server.close();
    this.#server.closeAllConnections();
    this.#server = undefined;
    this.#url = undefined;
  }

  #shownHost(): string {
    const { bindAddress, hostNames } = this.#options;
    if (bindAddress === '127.0.0.1' || bindAddress === '::1') return 'localhost';
    if (bindAddress === '0.0.0.0' || bindAddress === '::') return hostNames[0] ?? 'localhost';
    return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // A page of another site may let its own name point here; it would read what the browser's user may read.
    if (!allowedHost(request.headers.host, this.#options.hostNames))
      return refuse(response, 403, 'Refused: this server does not go by that name.');
    this.load().then(
      (handler) => handler(request, response),
      (error: Error) => {
        this.#options.log.named('SparkUI').error(`The page can't be loaded: ${error.stack ?? error.message}`);
        refuse(response, 500, `The page can't be loaded: ${error.message}`);
      },
    );
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).end(`${text}\n`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
