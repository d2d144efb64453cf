// Notices that this process stood still (SIGSTOP, a suspended machine, a disk that hung) or that its clock was set. Asked twice a second and before
// each event, so that the first one after a standstill does not find everybody's time over: what nodes and drivers sent meanwhile
// still lies in the sockets, and who gave us up needs a moment to come back.

/** How often it is to be asked at least, and what that may be late before the time counts as lost. */
export const ALIVE_EVERY_MS = 500;
const LATE_MS = 1_000;

export class AliveWatch {
  #aliveAtMs: number;

  constructor(nowMs: number) {
    this.#aliveAtMs = nowMs;
  }

  /** @returns the ms by which all deadlines move: nobody could be heard in them, or they were taken back */
  note(nowMs: number): number | undefined {
    const passedMs = nowMs - this.#aliveAtMs;
    this.#aliveAtMs = nowMs;
    if (passedMs >= -LATE_MS && passedMs <= ALIVE_EVERY_MS + LATE_MS) return undefined;
    return passedMs < 0 ? passedMs : passedMs - ALIVE_EVERY_MS;
  }
}
