// Reservations in time (YARN's ReservationSystem) are not built: refused as a ResourceManager of YARN's refuses them that has them switched off.
// Source: RMWebServices, ClientRMService.checkReservationSystem.
import type { FastifyInstance } from 'fastify';
import { badRequest } from '../../web/web-error.ts';

/** YARN's sentence, and what to do instead. */
export const NO_RESERVATIONS =
  'Reservation is not enabled. Please enable & try again. (Emberloom has no reservations in time: a queue with a capacity of its own keeps space.)';

const BASE = '/ws/v1/cluster/reservation';

export function reservationRoutes(app: FastifyInstance): void {
  const refuse = () => {
    throw badRequest(NO_RESERVATIONS);
  };
  app.get(`${BASE}/list`, refuse);
  for (const act of ['new-reservation', 'submit', 'update', 'delete']) app.post(`${BASE}/${act}`, refuse);
}
