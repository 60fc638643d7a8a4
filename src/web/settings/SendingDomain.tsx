import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { sendingDomainRoutes } from "#contract/sending-domains.ts";
import { type AnswerOf, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { confirm } from "../ui/confirm.tsx";
import { notify } from "../ui/notify.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { SendingDomainKeys } from "./SendingDomainKeys.tsx";
import css from "./SendingDomains.module.css";

export type Domain = AnswerOf<typeof sendingDomainRoutes.list>["items"][number];
type Finding = Domain["findings"][number];

const severities: Readonly<Record<Finding["severity"], { readonly tone: Tone; readonly words: string }>> = {
  good: { tone: "good", words: "Right" },
  advice: { tone: "info", words: "Advice" },
  warning: { tone: "warn", words: "Warning" },
  error: { tone: "bad", words: "Wrong" },
  unknown: { tone: "quiet", words: "No answer" },
};

const signingWords: Readonly<
  Record<Domain["signing"]["state"], { readonly tone: Tone; readonly words: string }>
> = {
  signs: { tone: "good", words: "Mail is signed" },
  unsigned: { tone: "warn", words: "Mail leaves unsigned" },
  held: { tone: "bad", words: "Mail is held" },
};

const checkNames: Readonly<Record<Finding["check"], string>> = {
  dkim: "DKIM",
  spf: "SPF",
  dmarc: "DMARC",
  mx: "MX",
  bimi: "BIMI",
  host: "Server name",
};

/** One domain: whether its mail is signed, its keys, what DNS says, and what large providers make of it. */
export function SendingDomain({ domain }: { readonly domain: Domain }) {
  const canWrite = useCan("senders:write");
  const params = { id: domain.id };
  const check = useCall(sendingDomainRoutes.check, { changes: ["sendingDomains."] });
  const { tone, words } = signingWords[domain.signing.state];
  return (
    <section className={css.domain} aria-label={domain.domain}>
      <Group justify="space-between" mb="md">
        <div>
          <Group gap="sm">
            <Title order={3}>{domain.domain}</Title>
            <StatusBadge tone={tone}>{words}</StatusBadge>
          </Group>
          <Text size="sm" c="dimmed">
            {domain.signing.reason}{" "}
            {domain.checkedAt ? (
              <>
                Checked <When at={domain.checkedAt} />.
              </>
            ) : (
              "Not checked yet."
            )}
          </Text>
        </div>
        {canWrite && (
          <Button
            variant="default"
            leftSection={<IconRefresh aria-hidden size={16} />}
            loading={check.isPending}
            onClick={() => check.mutate({ params }, { onError: notify.failed })}
          >
            Check now
          </Button>
        )}
      </Group>
      <Stack gap="lg">
        <SendingDomainKeys domain={domain} />
        {domain.findings.map((finding) => (
          <OneFinding key={`${finding.check} ${finding.name}`} finding={finding} />
        ))}
        <BulkRules domain={domain} />
        {canWrite && <DomainEnd domain={domain} />}
      </Stack>
    </section>
  );
}

function OneFinding({ finding }: { readonly finding: Finding }) {
  const { tone, words } = severities[finding.severity];
  const { record } = finding;
  return (
    <div>
      <Group gap="sm" mb={2}>
        <Text fw={600}>{checkNames[finding.check]}</Text>
        <StatusBadge tone={tone}>{words}</StatusBadge>
        <Text size="sm" className={css.name}>
          {finding.name}
        </Text>
      </Group>
      <Text size="sm">
        {finding.message} {finding.fix}
      </Text>
      {finding.severity !== "good" && (
        <Text size="sm" c="dimmed">
          {finding.why}
        </Text>
      )}
      {finding.severity !== "good" && finding.found.length > 0 && (
        <Text size="sm" c="dimmed" className={css.name}>
          Found: {finding.found.join(" | ")}
        </Text>
      )}
      {record && (
        <>
          <CopyField label={`${record.type} name`} value={record.name} />
          <CopyField label="Value" value={record.value} />
        </>
      )}
    </div>
  );
}

const ruleStates = {
  met: { tone: "good", words: "Met" },
  unmet: { tone: "bad", words: "Not met" },
  unknown: { tone: "quiet", words: "Not known" },
} as const;

function BulkRules({ domain: { bulkRules } }: { readonly domain: Domain }) {
  return (
    <div>
      <Title order={4} mb="xs">
        What large providers ask of bulk senders
      </Title>
      <Stack gap={6} component="ul" className={css.rules}>
        {bulkRules.map(({ rule, state, providers }) => (
          <li key={rule}>
            <Group gap="sm" wrap="nowrap" align="flex-start">
              <StatusBadge tone={ruleStates[state].tone}>{ruleStates[state].words}</StatusBadge>
              <Text size="sm">
                {rule}{" "}
                <Text span inherit c="dimmed">
                  {providers.join(", ")}
                </Text>
              </Text>
            </Group>
          </li>
        ))}
      </Stack>
    </div>
  );
}

const differChoices = [
  { value: "hold", label: "Hold its mail until it is right" },
  { value: "unsigned", label: "Send it unsigned" },
] as const;

function DomainEnd({ domain: { id, domain, ifKeyDiffers } }: { readonly domain: Domain }) {
  const changes = { changes: ["sendingDomains."] };
  const change = useCall(sendingDomainRoutes.change, changes);
  const remove = useCall(sendingDomainRoutes.remove, changes);
  async function takeAway(): Promise<void> {
    const goOn = await confirm({
      title: `Remove ${domain}?`,
      body: "Its keys are deleted, and mail from it is not signed any more. This cannot be undone.",
      action: "Remove domain",
    });
    if (goOn) await remove.mutateAsync({ params: { id } });
  }
  return (
    <Group justify="space-between" align="flex-end">
      <Select
        label="If DNS holds another key than ours"
        allowDeselect={false}
        data={[...differChoices]}
        value={ifKeyDiffers}
        disabled={change.isPending}
        onChange={(chosen) => {
          const wanted = differChoices.find(({ value }) => value === chosen);
          if (wanted)
            change.mutate(
              { params: { id }, body: { ifKeyDiffers: wanted.value } },
              { onError: notify.failed },
            );
        }}
      />
      <Button variant="subtle" color="red" onClick={() => void takeAway().catch(notify.failed)}>
        Remove this domain
      </Button>
    </Group>
  );
}
