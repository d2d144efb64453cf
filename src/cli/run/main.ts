// The application master of a detached `emberloom run`, in its own container: what to run is in its environment, how it proves itself in
// its token file. stdout and stderr are the container's log files.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { AttemptId } from '../../common/ids.ts';
import { Log4jLogger } from '../../platform/log4j-logger.ts';
import { NetTransport } from '../../platform/net-transport.ts';
import { systemTimers } from '../../platform/system-clock.ts';
import { tlsFromEnvironment } from '../../platform/tls-identity.ts';
import { CommandMaster } from './command-master.ts';
import { aRunSpec, type RunSpec, SPEC_VARIABLE } from './spec.ts';

function need(name: string, from: Readonly<Record<string, string | undefined>>): string {
  const value = from[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: the master of a command is started by a NodeManager`);
  return value;
}

async function main(): Promise<number> {
  const { env } = process;
  const log = new Log4jLogger(process.stderr, 'CommandMaster');
  const spec = JSON.parse(need(SPEC_VARIABLE, env)) as RunSpec;
  const fault = aRunSpec.check(spec, SPEC_VARIABLE);
  if (fault !== undefined) throw new Error(fault);
  const secrets = JSON.parse(readFileSync(need('EMBERLOOM_CONTAINER_TOKENS', env), 'utf8')) as Record<string, string>;
  const master = new CommandMaster({
    spec,
    log,
    attemptId: need('EMBERLOOM_ATTEMPT_ID', env) as AttemptId,
    secret: need('EMBERLOOM_APP_SECRET', secrets),
    rmAddress: need('EMBERLOOM_RM_ADDRESS', env),
    host: hostname(),
    transport: new NetTransport({ tls: tlsFromEnvironment(env), host: env['NM_HOST'] }),
    timers: systemTimers,
    onWaiting: (reason) => reason !== undefined && log.info(reason),
  });
  const { exitCode, diagnostics } = await master.run();
  if (exitCode !== 0) log.error(diagnostics);
  return exitCode;
}

if (import.meta.main)
  main().then(
    (code) => process.exit(code),
    (error: Error) => {
      process.stderr.write(`${error.stack ?? error.message}\n`);
      process.exit(1);
    },
  );
