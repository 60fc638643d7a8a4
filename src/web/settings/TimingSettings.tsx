import { Button, Group, NumberInput, SimpleGrid } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sendingRoutes } from "#contract/delivery.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";

type Policy = AnswerOf<typeof sendingRoutes.state>["policy"];

/** When mail is too late to leave by itself, and how long delivery is tried. */
export function TimingSettings() {
  const canWrite = useCan("settings:write");
  const { policy } = useSuspenseQuery(ask(sendingRoutes.state, {})).data;
  const save = useCall(sendingRoutes.setPolicy, { changes: ["sending."] });
  const [changed, setChanged] = useState<Partial<Policy>>();
  const shown = { ...policy, ...changed };
  const number = (
    key: "lateAfterMinutes" | "giveUpAfterHours",
    unit: string,
    [min, max]: [number, number],
  ) => ({
    value: shown[key],
    min,
    max,
    suffix: ` ${unit}`,
    allowDecimal: false,
    allowNegative: false,
    hideControls: true,
    disabled: !canWrite,
    onChange: (value: number | string) => {
      if (typeof value === "number") setChanged({ ...changed, [key]: value });
    },
  });
  return (
    <Panel
      title="Late and undeliverable mail"
      lead="What was planned while nothing could leave, because the system was down or sending or a journey was paused, waits for your word. A slow route is no reason to wait. A message or a journey can end earlier: a send tile says until when it is worth sending."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} maw={640} mb="md">
        <NumberInput
          label="Ask before sending what is late by"
          description="5 minutes to 7 days"
          {...number("lateAfterMinutes", "minutes", [5, 10_080])}
        />
        <NumberInput
          label="Give up after"
          description="1 to 240 hours of trying, from the first attempt on"
          {...number("giveUpAfterHours", "hours", [1, 240])}
        />
      </SimpleGrid>
      {canWrite && (
        <Group mb="lg">
          <Button
            disabled={!changed}
            loading={save.isPending}
            onClick={() =>
              save
                .mutateAsync({ body: shown })
                .then(() => setChanged(undefined))
                .then(() => notify.done("Holds from now on"), notify.failed)
            }
          >
            Save times
          </Button>
        </Group>
      )}
    </Panel>
  );
}
