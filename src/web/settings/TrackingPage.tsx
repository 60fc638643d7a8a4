import { useQuery } from "@tanstack/react-query";
import { trackingRoutes } from "#contract/tracking.ts";
import { ask } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { JudgeAgain } from "./JudgeAgain.tsx";
import { MachineRules } from "./MachineRules.tsx";
import { toSettings } from "./settings-back.ts";
import { TrackingKeys } from "./TrackingKeys.tsx";

/** How people are told from machines, and the keys that sign links. */
export function TrackingPage() {
  const { data, error, refetch } = useQuery({
    ...ask(trackingRoutes.rules, {}),
    refetchInterval: ({ state }) => (state.data?.review?.state === "running" ? refreshMs.live : false),
  });
  return (
    <>
      <PageHeader
        title="Tracking"
        lead="Much of what opens mail and follows links is no person. Both are counted, side by side."
        back={toSettings}
      />
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <PageLoading />}
      {data && (
        <>
          <MachineRules key={data.rules.number} rules={data.rules} />
          <JudgeAgain review={data.review} />
          <TrackingKeys />
        </>
      )}
    </>
  );
}
