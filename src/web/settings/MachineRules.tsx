import { Stack, Switch, Text, Textarea } from "@mantine/core";
import { type TrackingRules, trackingRoutes } from "#contract/tracking.ts";
import { useCall } from "../app/api.ts";
import { useUnsavedGuard } from "../app/navigation.ts";
import { useCan } from "../app/session.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import { linesOf } from "./lines-of.ts";

/** What can be set of the rules that tell people from machines. */
export function MachineRules({ rules }: { readonly rules: TrackingRules }) {
  const canSet = useCan("settings:write");
  const save = useCall(trackingRoutes.setRules, { changes: [trackingRoutes.rules.id] });
  const form = useForm({
    initial: { networks: rules.networks.join("\n"), hiddenLink: rules.hiddenLink },
    submit: async ({ networks, hiddenLink }) => {
      await save.mutateAsync({ body: { networks: linesOf(networks), hiddenLink } });
      notify.done("Holds for hits that are judged from now on");
    },
  });
  useUnsavedGuard(form.isDirty);
  return (
    <Panel
      title="Machines"
      lead="Gateways that name themselves, prefetching, bursts, crowds and clicks too soon to be human are known already."
    >
      <form {...form.props}>
        <Stack>
          <Textarea
            label="Networks of scanners"
            description="One a line, such as 192.0.2.0/24 or 2001:db8::/32. All that comes from there is a machine's."
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            readOnly={!canSet}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            {...form.text("networks")}
          />
          <Switch
            label="Hidden link in messages"
            description="Messages that go live from now on carry a link that no person sees. Whoever follows it is a machine. Some spam filters dislike hidden links."
            disabled={!canSet}
            {...form.check("hiddenLink")}
          />
          {canSet && <FormEnd form={form} action="Save" />}
          <Text size="sm" c="dimmed">
            Rules no. {rules.number}, set by {rules.actorLabel} <When at={rules.at} />
          </Text>
        </Stack>
      </form>
    </Panel>
  );
}
