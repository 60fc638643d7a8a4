import { Button, Group, NumberInput, SimpleGrid } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sendingRoutes } from "#contract/delivery.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";

type Limits = AnswerOf<typeof sendingRoutes.state>["breakers"];

const shares = [
  ["hardBounces", "Addresses that do not exist"],
  ["policyRefusals", "Refused for policy or content"],
  ["unmade", "Messages that could not be made"],
  ["complaints", "Complaints"],
  ["complaintAlarm", "Complaints: only warn"],
] as const;
const counts = [
  ["inDoubt", "In doubt within 5 minutes", "deliveries"],
  ["minimumSample", "Judge shares from", "recipients on"],
] as const;

/** When a mailing pauses by itself. */
export function BreakerSettings() {
  const canWrite = useCan("settings:write");
  const { data } = useSuspenseQuery(ask(sendingRoutes.state, {}));
  const save = useCall(sendingRoutes.setBreakers, { changes: ["sending."] });
  const [changed, setChanged] = useState<Limits>();
  const limits = changed ?? data.breakers;
  const set = (key: keyof Limits, value: number | string, scale: number) => {
    if (typeof value === "number") setChanged({ ...limits, [key]: value / scale });
  };
  return (
    <Panel
      title="Stop by itself"
      lead="A mailing pauses, and says why, when more than this happens. It is better to look at it before a mail provider blocks you."
    >
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} maw={900} mb="md">
        {shares.map(([key, label]) => (
          <NumberInput
            key={key}
            label={label}
            suffix=" %"
            decimalScale={2}
            min={0}
            max={100}
            clampBehavior="strict"
            hideControls
            disabled={!canWrite}
            value={Number((limits[key] * 100).toFixed(2))}
            onChange={(value) => set(key, value, 100)}
          />
        ))}
        {counts.map(([key, label, unit]) => (
          <NumberInput
            key={key}
            label={label}
            suffix={` ${unit}`}
            allowDecimal={false}
            min={1}
            max={100_000}
            hideControls
            disabled={!canWrite}
            value={limits[key]}
            onChange={(value) => set(key, value, 1)}
          />
        ))}
      </SimpleGrid>
      {canWrite && (
        <Group mb="lg">
          <Button
            disabled={!changed}
            loading={save.isPending}
            onClick={() =>
              save
                .mutateAsync({ body: limits })
                .then(() => setChanged(undefined))
                .then(() => notify.done("Saved"), notify.failed)
            }
          >
            Save limits
          </Button>
        </Group>
      )}
    </Panel>
  );
}
