import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type TrackingKey, trackingRoutes } from "#contract/tracking.ts";
import { ask, useCall } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { formatDateTime } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";

/** The keys that sign links and beacons: making a new one, and retiring one that got into wrong hands. */
export function TrackingKeys() {
  const canSet = useCan("settings:write");
  const changes = [trackingRoutes.keys.id];
  const make = useCall(trackingRoutes.makeKey, { changes });
  const retire = useCall(trackingRoutes.retireKey, { changes });
  const { data, error, refetch } = useQuery({
    ...ask(trackingRoutes.keys, {}),
    refetchInterval: ({ state }) =>
      state.data?.items.some((key) => key.state === "waiting") ? refreshMs.live : false,
  });
  const isWaiting = data?.items.some(({ state }) => state === "waiting") ?? false;
  async function makeOne(): Promise<void> {
    await make.mutateAsync({});
    notify.done("The new key signs in a minute");
  }
  return (
    <Panel
      title="Keys"
      lead="Links and beacons are signed, so that nobody can make one up. A new key does not touch links that were sent."
      actions={
        canSet && (
          <ConfirmButton
            disabled={isWaiting}
            question={{
              title: "Make a new key?",
              body: "It signs from a minute later on, when every process has heard of it. Links that were sent go on working.",
              action: "Make key",
              isDangerous: false,
            }}
            onConfirmed={makeOne}
          >
            New key
          </ConfirmButton>
        )
      }
    >
      {data?.isNewKeySuggested && (
        <Text size="sm" mb="md" role="status">
          The newest key is older than a year. It is time for a new one.
        </Text>
      )}
      {error ? (
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Tracking keys"
          rows={data?.items}
          rowKey={({ kid }) => String(kid)}
          empty={null}
          columns={[
            { key: "kid", header: "Key", cell: ({ kid }) => <strong>No. {kid}</strong> },
            { key: "state", header: "State", cell: (key) => <KeyState of={key} /> },
            {
              key: "made",
              header: "Made",
              cell: ({ createdAt, madeBy }) => (
                <>
                  <When at={createdAt} /> by {madeBy}
                </>
              ),
            },
            { key: "use", header: "Signed until", isMinor: true, cell: signedUntil },
            {
              key: "do",
              header: "Actions",
              isHeaderHidden: true,
              align: "right",
              cell: ({ kid, canRetire }) =>
                canSet &&
                canRetire && (
                  <ConfirmButton
                    size="compact-sm"
                    question={{
                      title: `Retire key no. ${kid}?`,
                      body: "For a key that got into wrong hands. Links and pictures in all messages signed with it stop working, for good. Unsubscribing by them goes on working.",
                      action: "Retire key",
                    }}
                    onConfirmed={() => retire.mutateAsync({ params: { kid } })}
                  >
                    Retire
                  </ConfirmButton>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

const stateWords = {
  waiting: { words: "Signs soon", tone: "info" },
  signs: { words: "Signs", tone: "good" },
  verifies: { words: "Links work", tone: "quiet" },
  retired: { words: "Retired", tone: "bad" },
} as const;

function KeyState({ of }: { readonly of: TrackingKey }) {
  const { words, tone } = stateWords[of.state];
  return <StatusBadge tone={tone}>{words}</StatusBadge>;
}

function signedUntil({ state, signsFrom, signedUntil, retiredAt, retiredBy }: TrackingKey): string {
  if (retiredAt !== null) return `retired ${formatDateTime(retiredAt)} by ${retiredBy ?? "Postroad"}`;
  if (state === "waiting") return `signs from ${formatDateTime(signsFrom)}`;
  return signedUntil === null ? "now" : formatDateTime(signedUntil);
}
