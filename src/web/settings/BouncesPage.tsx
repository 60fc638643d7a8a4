import { Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { feedbackRoutes } from "#contract/feedback.ts";
import { type AnswerOf, ask } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { formatNumber } from "../ui/format.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { When } from "../ui/When.tsx";
import { MailboxPanel } from "./MailboxPanel.tsx";
import { kindWords, ReportsPanel } from "./ReportsPanel.tsx";
import { SoftBounceForm } from "./SoftBounceForm.tsx";
import { toSettings } from "./settings-back.ts";
import { WebhooksPanel } from "./WebhooksPanel.tsx";

type State = AnswerOf<typeof feedbackRoutes.state>;

/** What comes back about mail that was sent: ways in, the policy, and the reports themselves. */
export function BouncesPage() {
  const canRead = useCan("contacts:read");
  const { data, error, refetch } = useQuery(ask(feedbackRoutes.state, {}));
  return (
    <>
      <PageHeader
        title="Bounces and complaints"
        lead="What comes back after a message was accepted. What is refused at once stands with its mailing."
        back={toSettings}
      />
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <PageLoading />}
      {data && (
        <>
          <WaysIn state={data} />
          <MailboxPanel />
          <WebhooksPanel />
          <SoftBounceForm policy={data.softBounces} />
        </>
      )}
      {canRead && <ReportsPanel />}
    </>
  );
}

function WaysIn({ state: { inbound, counts } }: { readonly state: State }) {
  const domains = inbound.domains.join(", ");
  return (
    <Panel title="At a glance" lead="Within the last 30 days, whatever way it came">
      <StatRow>
        {(["bounce", "complaint", "unsubscribe", "not-understood"] as const).map((kind) => {
          const count = counts.find((one) => one.kind === kind);
          const note = count ? (
            <>
              last <When at={count.lastAt} />
            </>
          ) : undefined;
          return (
            <StatNumber
              key={kind}
              label={kindWords[kind]}
              value={formatNumber(count?.total ?? 0)}
              note={note}
            />
          );
        })}
      </StatRow>
      {inbound.port === null ? (
        <Text size="sm" mt="md">
          No mail comes straight to this server: set <Code>POSTROAD_INBOUND_SMTP_PORT</Code> for every
          process, give a route a bounce domain, and let mail for it come to that port.
        </Text>
      ) : (
        <Text size="sm" mt="md">
          Mail is taken in at port {inbound.port}
          {domains === ""
            ? ", but no route has a bounce domain yet, so nothing is accepted."
            : ` for ${domains}.`}{" "}
          {inbound.hasTls ? "STARTTLS is offered." : "STARTTLS is not offered."}
        </Text>
      )}
      <Refused refused={inbound.refused} />
    </Panel>
  );
}

/** Who knocked at the listener with what is not for it. */
function Refused({
  refused: { forged, unknown, tooLarge, lastAt },
}: {
  readonly refused: State["inbound"]["refused"];
}) {
  if (lastAt === null) return null;
  const said = [
    forged > 0 && `${formatNumber(forged)} to forged addresses`,
    unknown > 0 && `${formatNumber(unknown)} to addresses of nobody here`,
    tooLarge > 0 && `${formatNumber(tooLarge)} above 20 MB`,
  ].filter((words): words is string => typeof words === "string");
  return (
    <Text size="sm" c="dimmed" mt="xs">
      Mail refused: {said.join(", ")}; last <When at={lastAt} />.
    </Text>
  );
}
