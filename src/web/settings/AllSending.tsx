import { Button, Select, SimpleGrid, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sendingRoutes } from "#contract/delivery.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { formatDateTime, formatNumber } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

type State = AnswerOf<typeof sendingRoutes.state>;
type Policy = State["policy"];

/** Whether mail leaves at all, with the one switch that stops everything. */
export function AllSending() {
  const { data, dataUpdatedAt, isRefetchError } = useSuspenseQuery({
    ...ask(sendingRoutes.state, {}),
    refetchInterval: refreshMs.live,
  });
  const { stopped, queued, inDoubt, held } = data;
  return (
    <Panel
      title={
        <>
          All sending{" "}
          {stopped ? (
            <StatusBadge tone="bad">Stopped</StatusBadge>
          ) : (
            <StatusBadge tone="good">Runs</StatusBadge>
          )}
        </>
      }
      lead={
        stopped
          ? stopped.cause === "restored"
            ? `${stopped.why} If another copy of it runs too, people would get everything twice.`
            : `Stopped by ${stopped.by} on ${formatDateTime(stopped.at)}. What waits is kept and goes on where it stopped.`
          : "Stopping takes effect within two seconds. A message that is complete on the wire gets its answer; nothing else leaves."
      }
      actions={<StopSwitch stopped={stopped} queued={queued} />}
    >
      <StatRow>
        <StatNumber label="Waiting to be sent" value={formatNumber(queued)} />
        <StatNumber
          label="In doubt"
          value={formatNumber(inDoubt)}
          href={inDoubt > 0 ? paths.inDoubt() : undefined}
          note="may have arrived, or not"
        />
        {held.length > 0 && (
          <StatNumber
            label="Need attention"
            value={formatNumber(held.length)}
            href={paths.home()}
            note="paused, late, or with an alarm"
          />
        )}
      </StatRow>
      <DoubtPolicy policy={data.policy} />
      <LiveDot at={dataUpdatedAt} isLive={!isRefetchError} />
    </Panel>
  );
}

function StopSwitch({ stopped, queued }: { readonly stopped: State["stopped"]; readonly queued: number }) {
  const canStop = useCan("sending:stop");
  const stop = useCall(sendingRoutes.stop, { changes: ["sending.", "mailings."] });
  const resume = useCall(sendingRoutes.resume, { changes: ["sending.", "mailings."] });
  if (stopped?.cause === "restored") return <ConfirmLive queued={queued} />;
  if (!canStop) return null;
  if (stopped)
    return (
      <ConfirmButton
        variant="filled"
        c="white"
        question={{
          title: "Let sending go on?",
          body: `${formatNumber(queued)} waiting messages leave from now on.`,
          action: "Let it go on",
          isDangerous: false,
        }}
        onConfirmed={() => resume.mutateAsync({})}
      >
        Let sending go on
      </ConfirmButton>
    );
  return (
    <Button
      color="red.8"
      loading={stop.isPending}
      onClick={() =>
        stop.mutate(
          {},
          {
            onSuccess: () =>
              notify.undo("All sending is stopped", () => void resume.mutateAsync({}).catch(notify.failed)),
            onError: notify.failed,
          },
        )
      }
    >
      Stop all sending
    </Button>
  );
}

/** [D32] Only a person can know whether another copy of this installation is running. */
function ConfirmLive({ queued }: { readonly queued: number }) {
  const canWrite = useCan("settings:write");
  const confirmLive = useCall(sendingRoutes.confirmLive, { changes: ["sending.", "mailings."] });
  if (!canWrite) return null;
  return (
    <ConfirmButton
      variant="filled"
      c="white"
      question={{
        title: "Is this the live installation?",
        body: `Make sure that no other copy of it sends mail. ${formatNumber(queued)} waiting messages leave from now on, also those that another copy may have sent since the backup.`,
        action: "Yes, this is the live one",
      }}
      onConfirmed={() => confirmLive.mutateAsync({})}
    >
      This is the live one
    </ConfirmButton>
  );
}

const choices = [
  { value: "hold", label: "Hold them for me to decide" },
  { value: "resend-once", label: "Send them once more" },
] as const;

function DoubtPolicy({ policy }: { readonly policy: Policy }) {
  const canWrite = useCan("settings:write");
  const save = useCall(sendingRoutes.setPolicy, { changes: ["sending."] });
  function set(kind: keyof Policy, chosen: string | null): void {
    const found = choices.find(({ value }) => value === chosen)?.value;
    if (!found) return;
    save.mutateAsync({ body: { ...policy, [kind]: found } }).then(() => notify.done("Saved"), notify.failed);
  }
  const select = { allowDeselect: false, data: [...choices], disabled: !canWrite };
  return (
    <>
      <Text size="sm" c="dimmed" mt="lg" mb="xs" maw="72ch">
        After a crash, a message whose receipt was not heard may or may not have arrived. Nobody can know; you
        decide what is worse, twice or never. <a href={paths.inDoubt()}>See those in doubt</a>
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} maw={640} mb="lg">
        <Select
          label="Commercial mail in doubt"
          {...select}
          value={policy.doubtfulCommercial}
          onChange={(chosen) => set("doubtfulCommercial", chosen)}
        />
        <Select
          label="Transactional mail in doubt"
          {...select}
          value={policy.doubtfulTransactional}
          onChange={(chosen) => set("doubtfulTransactional", chosen)}
        />
      </SimpleGrid>
    </>
  );
}
