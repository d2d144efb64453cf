// A TCP door in front of the ResourceManager that can be torn: every connection through it is cut, and none is let in for a while. So the
// network between drivers, NodeManagers and clients on one side and the ResourceManager on the other flaps. It changes no byte.
import { createServer, connect, type Server, type Socket } from 'node:net';

export class TornDoor {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #torn = false;
  readonly port: number;
  /** Where the ResourceManager itself must listen. */
  readonly innerPort: number;

  private constructor(server: Server, port: number, innerPort: number) {
    this.#server = server;
    this.port = port;
    this.innerPort = innerPort;
    server.on('connection', (outer) => this.#pass(outer));
  }

  static async open(): Promise<TornDoor> {
    const listen = () =>
      new Promise<Server>((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
      });
    const portOf = (server: Server) => (server.address() as { port: number }).port;
    const [outer, probe] = [await listen(), await listen()];
    const innerPort = portOf(probe);
    await new Promise((resolve) => probe.close(resolve));
    return new TornDoor(outer, portOf(outer), innerPort);
  }

  #pass(outer: Socket): void {
    if (this.#torn) return void outer.destroy();
    const inner = connect(this.innerPort, '127.0.0.1');
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      this.#open.add(one);
      one
        .on('error', () => {})
        .on('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }

  tear(): void {
    this.#torn = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#torn = false;
  }

  close(): void {
    this.tear();
    this.#server.close();
  }
}
