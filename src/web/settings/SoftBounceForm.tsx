import { Group, Stack, TextInput } from "@mantine/core";
import { feedbackRoutes } from "#contract/feedback.ts";
import { type AnswerOf, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { daysIn } from "./days-in.ts";

type Policy = AnswerOf<typeof feedbackRoutes.state>["softBounces"];

/** After how many soft bounces in a row an address is left alone, and for how long. */
export function SoftBounceForm({ policy }: { readonly policy: Policy }) {
  const canSet = useCan("settings:write");
  const save = useCall(feedbackRoutes.setSoftBounces, { changes: ["feedback."] });
  const form = useForm({
    initial: {
      inARow: String(policy.inARow),
      termsDays: policy.termsDays.join(", "),
      settledAfterDays: String(policy.settledAfterDays),
    },
    check: ({ termsDays }) =>
      daysIn(termsDays) === undefined
        ? [{ path: "termsDays", message: "Write days as whole numbers with commas between them: 7, 14, 30." }]
        : [],
    submit: async ({ inARow, termsDays, settledAfterDays }) => {
      const body = {
        inARow: Number(inARow),
        termsDays: [...(daysIn(termsDays) ?? [])],
        settledAfterDays: Number(settledAfterDays),
      };
      await save.mutateAsync({ body });
      notify.done("Holds from the next bounce on");
    },
  });
  const isReadOnly = !canSet;
  return (
    <Panel
      title="Soft bounces"
      lead="A full mailbox or a server that is away proves nothing by itself. Several in a row do: commercial mail leaves the address alone for a while, longer each time."
    >
      <form {...form.props}>
        <Stack>
          <Group align="start" grow preventGrowOverflow={false} wrap="wrap">
            <TextInput
              label="In a row"
              description="As many suppress the address"
              inputMode="numeric"
              readOnly={isReadOnly}
              {...form.text("inARow")}
            />
            <TextInput
              label="For so many days"
              description="The first time, the second …; the last holds for all later ones"
              readOnly={isReadOnly}
              {...form.text("termsDays")}
            />
            <TextInput
              label="Arrived after days"
              description="Accepted and not back for so long ends the row"
              inputMode="numeric"
              readOnly={isReadOnly}
              {...form.text("settledAfterDays")}
            />
          </Group>
          {canSet && <FormEnd form={form} action="Save" />}
        </Stack>
      </form>
    </Panel>
  );
}
