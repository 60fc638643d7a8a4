import { Button, Group, Text, TextInput } from "@mantine/core";
import { type HitReview, trackingRoutes } from "#contract/tracking.ts";
import { useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { FormProblem } from "../ui/FormEnd.tsx";
import { formatCount, formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { ProgressPanel } from "../ui/ProgressPanel.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";

const title = "Judge stored hits again";

/** Judging what is stored by the rules that hold now: begun, watched and cancelled here. */
export function JudgeAgain({ review }: { readonly review: HitReview | null }) {
  const canJudge = useCan("settings:write");
  const changes = [trackingRoutes.rules.id, "insights."];
  const begin = useCall(trackingRoutes.review, { changes });
  const cancel = useCall(trackingRoutes.cancelReview, { changes });
  const form = useForm({
    initial: { since: "" },
    submit: ({ since }) => begin.mutateAsync({ body: { since: since || null } }),
  });
  if (review?.state === "running")
    return (
      <ProgressPanel
        title="Judging stored hits again"
        share={review.progress}
        rate={`${formatCount(review.judged, "hit", "hits")} judged, ${formatNumber(review.changed)} changed`}
        actions={
          canJudge && (
            <ConfirmButton
              question={{
                title: "Stop judging again?",
                body: "What was judged stays judged. It can be begun anew at any time.",
                action: "Stop",
              }}
              onConfirmed={() => cancel.mutateAsync({})}
            >
              Stop
            </ConfirmButton>
          )
        }
      />
    );
  return (
    <Panel
      title={title}
      lead="After a change of the rules, or an update of Postroad. Numbers move to what they would be by today's rules; journeys do not move, and nobody is sent anything."
    >
      {canJudge && (
        <form {...form.props}>
          <Group align="end">
            <TextInput type="date" label="Since" description="Empty: everything" {...form.text("since")} />
            <Button type="submit" variant="default" loading={form.isSubmitting}>
              Judge again
            </Button>
          </Group>
          <FormProblem form={form} />
        </form>
      )}
      {review && <LastRun review={review} />}
    </Panel>
  );
}

function LastRun({ review }: { readonly review: HitReview }) {
  const { state, judged, changed, actorLabel, finishedAt, startedAt } = review;
  return (
    <Text size="sm" c="dimmed" mt="md" role="status">
      {state === "cancelled" ? "Cancelled" : "Last done"} <When at={finishedAt ?? startedAt} />, begun by{" "}
      {actorLabel}: {formatCount(judged, "hit", "hits")} judged, {formatNumber(changed)} changed.
    </Text>
  );
}
