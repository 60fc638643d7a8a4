import { once } from "node:events";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls, rootCertificates } from "node:tls";
import { fail, ok, type Result } from "#core/kernel/result.ts";
import { type Capabilities, noCapabilities, readCapabilities } from "#core/smtp/capabilities.ts";
import { authenticate } from "./authenticate.ts";
import { SmtpConnection } from "./connection.ts";
import { Landing } from "./landing.ts";
import { demand, mustVerify, type RoadProblem, type SmtpTarget, troubled } from "./road.ts";
import { standardTimeouts, type Timeouts } from "./timeouts.ts";
import { Wire } from "./wire.ts";

/**
 * Opens a connection and brings it to where mail can be handed over: greeting, EHLO (or HELO), TLS, AUTH.
 * Certificates are verified wherever TLS is required or a password is sent.
 */
export async function openConnection(target: SmtpTarget): Promise<Result<SmtpConnection, RoadProblem>> {
  const timeouts = target.timeouts ?? standardTimeouts;
  const landing = target.tls === "none" ? new Landing() : undefined;
  const socket = await openSocket(target, timeouts, landing);
  if (!socket.ok) return socket;
  const wire = new Wire(socket.value, landing);
  wire.expect(1);
  const ready = await makeReady(wire, target, timeouts);
  if (ready.ok) return ok(new SmtpConnection(wire, ready.value, timeouts));
  wire.end();
  return ready;
}

async function openSocket(
  target: SmtpTarget,
  timeouts: Timeouts,
  landing: Landing | undefined,
): Promise<Result<Socket, RoadProblem>> {
  const { host, port } = target;
  const socket =
    target.tls === "implicit"
      ? connectTls({ host, port, ...trustOf(target), ...nameFor(host) })
      : connectPlain({ host, port, ...(landing ? { onread: landing.onread } : {}) });
  socket.setNoDelay(true);
  try {
    await once(socket, target.tls === "implicit" ? "secureConnect" : "connect", {
      signal: AbortSignal.timeout(timeouts.connect),
    });
    return ok(socket);
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    const isTimeout = error instanceof Error && error.name === "AbortError";
    const reason = isTimeout
      ? `no connection within ${timeouts.connect / 1000} seconds`
      : describeError(error);
    return fail({ phase: "connect", message: `${host}:${port} cannot be reached: ${reason}.`, reply: null });
  }
}

/** A server name is sent for names only (RFC 6066, section 3). */
function nameFor(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function trustOf({ trustedCertificate }: SmtpTarget): { ca?: string[] } {
  return trustedCertificate ? { ca: [...rootCertificates, trustedCertificate] } : {};
}

function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join("; ");
  return error instanceof Error ? error.message : String(error);
}

async function makeReady(
  wire: Wire,
  target: SmtpTarget,
  timeouts: Timeouts,
): Promise<Result<Capabilities, RoadProblem>> {
  const greeting = await wire.answer(timeouts.greeting);
  const greeted = demand(greeting, 2, "greeting");
  if (!greeted.ok) return greeted;
  let capabilities = await sayHello(wire, target.helloName, timeouts);
  if (!capabilities.ok) return capabilities;
  if (target.tls === "starttls" || target.tls === "starttls-required") {
    const secured = await startTls(wire, target, capabilities.value, timeouts);
    if (!secured.ok) return secured;
    capabilities =
      secured.value === "plain" ? capabilities : await sayHello(wire, target.helloName, timeouts);
    if (!capabilities.ok) return capabilities;
  }
  if (!target.credentials) return capabilities;
  const authenticated = await authenticate(wire, target, capabilities.value, timeouts.command);
  return authenticated.ok ? capabilities : authenticated;
}

/** EHLO, and HELO for servers that do not know it (RFC 5321, section 3.2). */
async function sayHello(
  wire: Wire,
  name: string,
  timeouts: Timeouts,
): Promise<Result<Capabilities, RoadProblem>> {
  wire.write([`EHLO ${name}\r\n`], 1);
  const extended = await wire.answer(timeouts.command);
  if ("code" in extended && extended.code === 250) return ok(readCapabilities(extended.lines));
  if (!("code" in extended) || Math.floor(extended.code / 100) !== 5) return troubled(extended, "ehlo");
  wire.write([`HELO ${name}\r\n`], 1);
  const plain = demand(await wire.answer(timeouts.command), 2, "ehlo");
  return plain.ok ? ok(noCapabilities) : plain;
}

async function startTls(
  wire: Wire,
  target: SmtpTarget,
  { startTls: isOffered }: Capabilities,
  timeouts: Timeouts,
): Promise<Result<"secure" | "plain", RoadProblem>> {
  const required = target.tls === "starttls-required" || target.credentials !== null;
  if (!isOffered) {
    if (!required) return ok("plain");
    return fail({ phase: "starttls", message: `${target.host} does not offer STARTTLS.`, reply: null });
  }
  wire.write(["STARTTLS\r\n"], 1);
  const answer = await wire.answer(timeouts.command);
  if ("code" in answer && answer.code !== 220 && !required) return ok("plain");
  const agreed = demand(answer, 2, "starttls");
  if (!agreed.ok) return agreed;
  if (wire.hasSurplus)
    return fail({
      phase: "starttls",
      message: "The server sent clear text where TLS must begin.",
      reply: null,
    });
  await wire.upgrade({
    ...trustOf(target),
    ...nameFor(target.host),
    host: target.host,
    rejectUnauthorized: mustVerify(target),
    timeoutMs: timeouts.connect,
  });
  return wire.broken ? troubled(wire.broken, "starttls") : ok("secure");
}
