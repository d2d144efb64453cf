/**
 * The peer of bench/scheduler.ts: Hadoop YARN's own schedulers from Maven, driven by bench/peer/YarnScheduler.java. The first run fetches them (85 MB) into
 * bench/.work/yarn-scheduler and compiles the driver; it needs mvn and a JDK on the PATH.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, runCommand } from './command.ts';
import { BENCH, WORK } from './paths.ts';

const HADOOP = '3.5.0';
const FOLDER = join(WORK, 'yarn-scheduler');
const JARS = join(FOLDER, 'jars');
const CLASSES = join(FOLDER, 'classes');
const SOURCE = join(BENCH, 'peer/YarnScheduler.java');

const artefact = (more: string) =>
  `<dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-yarn-server-resourcemanager</artifactId><version>${HADOOP}</version>${more}</dependency>`;
/** MockNodes, a node without a process, is in the tests' artefact. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>yarn-scheduler</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${artefact('')}${artefact('<type>test-jar</type><classifier>tests</classifier>')}</dependencies></project>
`;

function prepare(): void {
  if (!existsSync(JARS)) {
    console.error(`fetching YARN's schedulers of Hadoop ${HADOOP} into ${JARS}`);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'pom.xml'), POM);
    execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${JARS}`], { cwd: FOLDER, stdio: 'inherit' });
  }
  const compiled = join(CLASSES, 'YarnScheduler.class');
  if (existsSync(compiled) && statSync(compiled).mtimeMs > statSync(SOURCE).mtimeMs) return;
  execFileSync('javac', ['-nowarn', '-cp', `${JARS}/*`, '-d', CLASSES, SOURCE], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @param args of YarnScheduler.java */
export function yarnScheduler(args: readonly (string | number)[], timeoutMs: number): Promise<Finished> {
  prepare();
  return runCommand({ argv: ['java', '-Xmx6g', '-cp', `${CLASSES}:${JARS}/*`, 'YarnScheduler', ...args.map(String)], timeoutMs });
}
