import { Button, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBan, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { suppressionRoutes } from "#contract/consent.ts";
import { type SuppressionCategory, suppressionCategories } from "#core/consent/may-send.ts";
import { type AnswerOf, askPages, useCall } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { useCan } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { formatCount, formatDate } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { useForm } from "../ui/useForm.ts";
import { addressesIn } from "./addresses-in.ts";
import { toSettings } from "./settings-back.ts";

type Suppression = AnswerOf<typeof suppressionRoutes.list>["items"][number];

const categoryWords: Readonly<Record<SuppressionCategory, string>> = {
  complaint: "Complained",
  "hard-bounce": "Does not exist",
  manual: "By hand",
  imported: "Brought along",
  "soft-bounce": "Often unreachable",
  "forward-opt-out": "Wants no forwards",
};

/** Addresses that are never mailed, why, and until when. */
export function SuppressionsPage() {
  const canAdd = useCan("contacts:write");
  const canLift = useCan("settings:write");
  const [isAdding, adding] = useDisclosure(false);
  const [lifted, setLifted] = useState<Suppression>();
  const [{ q = "", category, state }, setAddress] = useAddress();
  const list = useInfiniteQuery(
    askPages(suppressionRoutes.list, {
      query: {
        search: q || undefined,
        category: suppressionCategories.find((known) => known === category),
        state: state === "all" || state === "ended" ? state : "active",
      },
    }),
  );
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const add = canAdd && (
    <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={adding.open}>
      Suppress addresses
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Suppressed addresses"
        lead="They are not mailed, whatever they agreed to. Checked for each recipient at the moment of sending."
        back={toSettings}
        actions={add}
      />
      <Toolbar>
        <SearchField label="Search by address" value={q} onSearch={(text) => setAddress({ q: text })} />
        <Select
          aria-label="Reason"
          placeholder="Any reason"
          clearable
          data={suppressionCategories.map((value) => ({ value, label: categoryWords[value] }))}
          value={category ?? null}
          onChange={(value) => setAddress({ category: value ?? undefined })}
        />
        <Select
          aria-label="State"
          allowDeselect={false}
          data={[
            { value: "active", label: "In force" },
            { value: "ended", label: "Ended" },
            { value: "all", label: "All" },
          ]}
          value={state ?? "active"}
          onChange={(value) => setAddress({ state: value === "active" ? undefined : (value ?? undefined) })}
        />
      </Toolbar>
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Suppressed addresses"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconBan size={28} />} title="No such address">
              Addresses come here by themselves when mail to them bounces for good or they complain, and by
              hand.
            </EmptyState>
          }
          columns={[
            { key: "address", header: "Address", cell: ({ address }) => <strong>{address}</strong> },
            { key: "category", header: "Why", cell: ({ category: why }) => categoryWords[why] },
            { key: "reason", header: "In words", cell: ({ reason }) => reason, isMinor: true },
            { key: "since", header: "Since", cell: ({ since }) => formatDate(since) },
            {
              key: "until",
              header: "Until",
              cell: ({ expiresAt, liftedAt }) =>
                liftedAt ? `lifted ${formatDate(liftedAt)}` : expiresAt ? formatDate(expiresAt) : "for good",
            },
            {
              key: "do",
              header: "Actions",
              isHeaderHidden: true,
              align: "right",
              cell: (one) =>
                canLift &&
                !one.liftedAt && (
                  <Button size="compact-sm" variant="default" onClick={() => setLifted(one)}>
                    Lift
                  </Button>
                ),
            },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="address"
        nouns="addresses"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
      <SidePanel title="Suppress addresses" isOpen={isAdding} onClose={adding.close}>
        <AddForm onDone={adding.close} />
      </SidePanel>
      <SidePanel title="Lift suppression" isOpen={lifted !== undefined} onClose={() => setLifted(undefined)}>
        {lifted && <LiftForm suppression={lifted} onDone={() => setLifted(undefined)} />}
      </SidePanel>
    </>
  );
}

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const add = useCall(suppressionRoutes.add, { changes: ["suppressions.", "contacts.", "consent."] });
  const [refused, setRefused] = useState<readonly { readonly address: string; readonly problem: string }[]>(
    [],
  );
  const form = useForm({
    initial: { addresses: "", reason: "" },
    check: ({ addresses }) =>
      addressesIn(addresses).length > 1000
        ? [{ path: "addresses", message: "At most 1,000 at once; import longer lists." }]
        : [],
    submit: async ({ addresses, reason }) => {
      const { added, known, invalid } = await add.mutateAsync({
        body: { addresses: [...addressesIn(addresses)], reason },
      });
      notify.done(
        `${formatCount(added, "address", "addresses")} suppressed${known > 0 ? `, ${known} were already` : ""}`,
      );
      if (invalid.length === 0) return onDone();
      setRefused(invalid);
      form.set("addresses", invalid.map(({ address }) => address).join("\n"));
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Textarea
          label="Addresses"
          description="One per line"
          data-autofocus
          autosize
          minRows={4}
          maxRows={16}
          {...form.text("addresses")}
        />
        {refused.length > 0 && (
          <Text size="sm" c="var(--tone-bad)" role="alert">
            Not taken: {refused.map(({ address, problem }) => `${address} (${problem})`).join("; ")}
          </Text>
        )}
        <TextInput label="Reason" description="For those who wonder later" {...form.text("reason")} />
        <FormEnd form={form} action="Suppress">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}

function LiftForm({
  suppression,
  onDone,
}: {
  readonly suppression: Suppression;
  readonly onDone: () => void;
}) {
  const lift = useCall(suppressionRoutes.lift, { changes: ["suppressions.", "contacts.", "consent."] });
  const form = useForm({
    initial: { reason: "" },
    submit: async (body) => {
      await lift.mutateAsync({ params: { id: suppression.id }, body });
      notify.done(`${suppression.address} may be mailed again`);
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text size="sm">
          {suppression.address} is suppressed because: {suppression.reason} Lift it only if that is no longer
          true; mailing people who complained or do not exist harms delivery to everybody else.
        </Text>
        <TextInput
          label="Reason for lifting"
          description="Goes into the audit log"
          data-autofocus
          {...form.text("reason")}
        />
        <FormEnd form={form} action="Lift suppression">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
