import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { insightRoutes } from "#contract/insights.ts";
import { linkRoutes } from "#contract/tracking.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import css from "./insights.module.css";

export type LinkRow = AnswerOf<typeof insightRoutes.report>["links"][number];

const changes = [insightRoutes.report.id, linkRoutes.repairs.id];
const sentWords = "where each message says";

/** Where a link of mail that was sent leads, a form to lead it elsewhere, and who did so before. */
export function RepairLink({ link, onClose }: { readonly link: LinkRow; readonly onClose: () => void }) {
  const { versionId, number, url, repairedUrl } = link;
  const params = { versionId, number };
  const repair = useCall(linkRoutes.repair, { changes });
  const form = useForm({
    initial: { url: repairedUrl ?? url ?? "" },
    refusals: { "links.not-an-address": "url", "links.leads-there": "url" },
    submit: async (body) => {
      await repair.mutateAsync({ params, body });
      notify.done("The link leads there within seconds");
      onClose();
    },
  });
  const undo = async () => {
    await repair.mutateAsync({ params, body: { url: null } });
    onClose();
  };
  return (
    <Stack>
      <Text size="sm">
        The link leads to a new address from now on, also in mail that was sent already. The message itself is
        kept as it was sent.
      </Text>
      <div>
        <Text size="sm" fw={600}>
          As sent
        </Text>
        <Text size="sm" className={css.address}>
          {url ?? "Its address differs from contact to contact; a new one is the same for all."}
        </Text>
      </div>
      <form {...form.props}>
        <Stack>
          <TextInput
            label="Leads to"
            type="url"
            inputMode="url"
            autoComplete="off"
            data-autofocus
            placeholder="https://"
            {...form.text("url")}
          />
          <FormEnd form={form} action="Repair the link">
            {repairedUrl !== null && (
              <ConfirmButton
                variant="default"
                question={{
                  title: "Lead the link back?",
                  body: `It leads ${url ?? sentWords} again.`,
                  action: "Lead it back",
                }}
                onConfirmed={undo}
              >
                Undo
              </ConfirmButton>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </FormEnd>
        </Stack>
      </form>
      <History link={link} />
    </Stack>
  );
}

function History({ link: { versionId, number } }: { readonly link: LinkRow }) {
  const { data, error, isPending, refetch } = useQuery(ask(linkRoutes.repairs, { params: { versionId } }));
  if (isPending) return <PageLoading />;
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  const items = data.items.filter((item) => item.number === number);
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="link-changes">
      <Text id="link-changes" size="sm" fw={600}>
        Changes
      </Text>
      <Stack component="ol" gap="xs" className={css.changes}>
        {items.map(({ at, by, from, to }) => (
          <li key={`${at}/${to}`}>
            <Text size="sm" className={css.address}>
              {to === null ? "Led back to what was sent" : <Anchor href={to}>{to}</Anchor>}
            </Text>
            <Text size="xs" c="dimmed" className={css.address}>
              <When at={at} /> by {by}; before: {from ?? sentWords}
            </Text>
          </li>
        ))}
      </Stack>
    </section>
  );
}
