import { Anchor, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { sendingRoutes } from "#contract/delivery.ts";
import { When } from "../ui/When.tsx";
import { ask } from "./api.ts";
import css from "./ConnectionBanner.module.css";
import { paths } from "./paths.ts";
import { refreshMs } from "./query-client.ts";
import { useCan } from "./session.ts";

/** Says on every page that all sending is stopped, as long as it is, so that nobody wonders where their mail is. */
export function SendingBanner() {
  const canSee = useCan("messages:read");
  const { data } = useQuery({
    ...ask(sendingRoutes.state, {}),
    refetchInterval: refreshMs.calm,
    enabled: canSee,
  });
  if (!data?.stopped) return null;
  if (data.stopped.cause === "restored")
    return (
      <div className={css.banner} role="alert">
        <IconHandStop aria-hidden size={20} />
        <Text size="sm" className={css.words}>
          <strong>This database was restored or copied. Is this the live one?</strong> Until somebody says so,
          nothing is sent.{" "}
          <Anchor href={paths.sending()} inherit c="inherit" underline="always">
            Look and confirm
          </Anchor>
        </Text>
      </div>
    );
  return (
    <div className={css.banner} role="status">
      <IconHandStop aria-hidden size={20} />
      <Text size="sm" className={css.words}>
        <strong>All sending is stopped</strong> by {data.stopped.by}, <When at={data.stopped.at} />. Nothing
        is lost; mail waits.{" "}
        <Anchor href={paths.sending()} inherit c="inherit" underline="always">
          Look at sending
        </Anchor>
      </Text>
    </div>
  );
}
