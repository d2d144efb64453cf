// What `emberloom doctor` found, in sentences: one line for each way that is closed and each clock that is off, with what to do.
import { farPartOf, netAddress } from '../../common/address.ts';
import { CLOCK_LIMIT_MS, type Clock, type Findings, type Way } from '../doctor.ts';

const WHY: Readonly<Record<string, (host: string, detail: string) => string>> = {
  name: (host, detail) => `the name ${host} is not known there (${detail}). Put it into DNS or /etc/hosts, or use addresses.`,
  route: (_, detail) => `no answer (${detail}). The host is off or cut off, or a firewall drops what comes: open the port.`,
  refused: (_, detail) => `nobody listens there (${detail}). The daemon does not run, or listens on another interface or port.`,
  tls: (_, detail) => `TLS failed (${detail}). Another program listens there, or emberloom.tls.* of the two hosts do not fit.`,
  secret: () =>
    'the proof of identity failed. The two hosts have different secrets (EMBERLOOM_DATA/secret), or somebody stands in between.',
  stranger: () => 'the ResourceManager knows no node there, so nothing was tried. It has just left or come: ask again.',
  silent: (_, detail) => `it takes connections and says nothing (${detail}). The process is stopped or overloaded: look into its log.`,
};

export const isSound = ({ ways, clocks }: Findings): boolean => ways.every((way) => way.reached) && clocks.every((clock) => !isOff(clock));

const isOff = ({ aheadMs }: Clock): boolean => Math.abs(aheadMs) > CLOCK_LIMIT_MS;

export function doctorReport(findings: Findings): string {
  const { ways, clocks, nodes } = findings;
  const lost = nodes.filter(({ state }) => state === 'LOST');
  const lines = [
    ...ways.filter((way) => !way.reached).map(closed),
    ...clocks.filter(isOff).map(({ of, aheadMs }) => {
      const by = `${Math.abs(aheadMs / 1000).toFixed(1)} s`;
      return `The clock of ${of} is ${by} ${aheadMs > 0 ? 'ahead of' : 'behind'} this host's. Times in its logs and pages are off by it: let NTP keep it.`;
    }),
    ...lost.map(({ nodeId }) => `The node ${nodeId} is LOST: nothing is heard of it. Run emberloom doctor on its host to see why.`),
  ];
  const open = ways.filter((way) => way.reached).length;
  lines.push(`${open} of ${ways.length} ways are open; ${nodes.length - lost.length} of ${nodes.length} nodes were asked.`);
  return lines.join('\n');
}

function closed({ from, to, address, fault, detail }: Way): string {
  const far = farPartOf(address);
  const why = (WHY[fault] ?? WHY['tls']!)(far?.host ?? address, detail);
  return `${from === 'here' ? 'This host' : from} can't reach ${to} at ${far === undefined ? address : netAddress(far)}: ${why}`;
}
