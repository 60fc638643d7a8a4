export { type Outgoing, SmtpConnection } from "./connection.ts";
export { type Envelope, makeEnvelope } from "./envelope.ts";
export { judgeFit } from "./judge-fit.ts";
export { openConnection } from "./open-connection.ts";
export type { RoadProblem, SmtpTarget } from "./road.ts";
export { standardTimeouts, type Timeouts } from "./timeouts.ts";
