// What platform/ipc-transport.ts uses of node-ipc 14 (the package brings no types). Only its raw profile: it listens and connects.
declare module 'node-ipc' {
  import type { Socket } from 'node:net';

  export type IpcConfig = {
    id: string;
    appspace: string;
    socketRoot: string;
    silent: boolean;
    parser: 'raw' | 'fast' | 'guarded' | 'assured';
    rawBuffer: boolean;
    unlink: boolean;
    maxConnections: number;
    maxRetries: number;
    stopRetrying: boolean;
    retry: number;
    secureSocketRoot: boolean;
  };
  export type IpcServer = {
    on(event: 'connect' | 'close', handle: (socket: Socket) => void): void;
    on(event: 'start', handle: () => void): void;
    on(event: 'error', handle: (error: NodeJS.ErrnoException) => void): void;
    start(): void;
    stop(): void;
    readonly server: { listening: boolean; close(done?: () => void): void } | false;
  };
  export type IpcClient = {
    on(event: 'connect' | 'disconnect' | 'destroy', handle: () => void): void;
    on(event: 'error', handle: (error: NodeJS.ErrnoException) => void): void;
    readonly socket: Socket;
  };
  export class IPCModule {
    config: IpcConfig;
    of: Record<string, IpcClient>;
    server: IpcServer;
    serve(path: string, started: () => void): void;
    connectTo(id: string, path: string, made: () => void): void;
    disconnect(id: string): void;
  }
}
