// The places of tasks in the order in which a slot is given them, from its connection's first task on: both ends count alike, so "from place 70
// on" needs no list of tasks. 31 bits that begin anew: a slot runs more tasks in a day than they hold, and has a thousand of them at a time.

const MASK = 0x7fff_ffff;
const HALF = 0x4000_0000;

export const placeAfter = (place: number, count: number): number => (place + count) & MASK;
export const isBefore = (place: number, other: number): boolean => place !== other && ((other - place) & MASK) < HALF;
