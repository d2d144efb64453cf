// A TCP door in front of the ResourceManager, whose wire (wire.ts) can be broken. It changes no byte.
import { createServer, connect, type Server } from 'node:net';
import { Wire } from './wire.ts';

export class TornDoor {
  readonly #server: Server;
  readonly wire = new Wire();
  readonly port: number;

  private constructor(server: Server, port: number, innerPort: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (outer) => this.wire.pass(outer, () => connect(innerPort, '127.0.0.1')));
  }

  /** @param innerPort where the ResourceManager itself listens */
  static async open(innerPort: number): Promise<TornDoor> {
    const server = await listen();
    return new TornDoor(server, portOf(server), innerPort);
  }

  close(): void {
    this.wire.close();
    this.#server.close();
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = await listen();
  const port = portOf(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const listen = () =>
  new Promise<Server>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
const portOf = (server: Server) => (server.address() as { port: number }).port;
