import { Button, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import css from "./ConnectionBanner.module.css";
import { useConnection } from "./connection.ts";

const retryEveryMs = 5000;

/** Says that the server or its database is away, keeps trying, and disappears when it is back. */
export function ConnectionBanner() {
  const { isReachable } = useConnection();
  const client = useQueryClient();
  const [isTrying, setTrying] = useState(false);
  const retry = useCallback(async () => {
    setTrying(true);
    await client.refetchQueries({ type: "active" });
    setTrying(false);
  }, [client]);
  useEffect(() => {
    if (isReachable) return;
    const timer = setInterval(() => void retry(), retryEveryMs);
    return () => clearInterval(timer);
  }, [isReachable, retry]);
  if (isReachable) return null;
  return (
    <div className={css.banner} role="alert">
      <IconCloudOff aria-hidden size={20} />
      <Text size="sm" className={css.words}>
        <strong>The server cannot be reached right now.</strong> What you see may be old, and changes are not
        saved. We try again every {retryEveryMs / 1000} seconds.
      </Text>
      <Button size="compact-sm" variant="default" loading={isTrying} onClick={() => void retry()}>
        Try now
      </Button>
    </div>
  );
}
