import type { Result } from "#core/kernel/result.ts";
import type { Road } from "./find-roads.ts";
import { openProvider } from "./providers/open-provider.ts";
import {
  openConnection,
  type RoadProblem,
  type SmtpConnection,
  standardTimeouts,
  type Timeouts,
} from "./smtp/index.ts";

/** What messages are handed over by, one after the other, whatever lies behind it. */
export type RoadConnection = Pick<
  SmtpConnection,
  "abandon" | "capabilities" | "close" | "deliver" | "delivered" | "isUsable"
>;

type Manner = { readonly helloName: string; readonly timeouts?: Timeouts };

/** Opens a road to where mail can be handed over, with its password accepted. Nothing is sent by it. */
export function openRoad(road: Road, manner: Manner): Promise<Result<RoadConnection, RoadProblem>> {
  const { kind, host, port, tls, credentials, trustedCertificate } = road;
  if (kind === "smtp") return openConnection({ host, port, tls, credentials, trustedCertificate, ...manner });
  return openProvider({ ...road, kind }, manner.timeouts ?? standardTimeouts);
}
