import { useQuery, useSuspenseQueries } from "@tanstack/react-query";
import { contactRoutes } from "#contract/contacts.ts";
import { contentRoutes } from "#contract/content.ts";
import { insightRoutes } from "#contract/insights.ts";
import { journeyRoutes } from "#contract/journeys.ts";
import { messageRoutes } from "#contract/messages.ts";
import { segmentRoutes } from "#contract/segments.ts";
import { ask } from "../app/api.ts";
import { HeldMailings } from "../app/HeldMailings.tsx";
import { refreshMs } from "../app/query-client.ts";
import { useSession } from "../app/session.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { FirstSteps } from "./FirstSteps.tsx";
import { isUnderWay, nextSteps, type Progress } from "./next-steps.ts";
import { TrackingTroubles } from "./TrackingTroubles.tsx";
import { Figures, JourneysNow, RecentMail } from "./UnderWay.tsx";

const one = { query: { limit: 1 } };
const some = { query: { limit: 50 } };

function useProgress(): Progress {
  const [settings, contacts, segments, messages, journeys] = useSuspenseQueries({
    queries: [
      ask(contentRoutes.list, {}),
      ask(contactRoutes.count, {}),
      ask(segmentRoutes.list, one),
      ask(messageRoutes.list, some),
      ask(journeyRoutes.list, some),
    ],
  });
  return {
    hasPostalAddress: settings.data.items.some(
      ({ isDefault, postalAddress }) => isDefault && postalAddress !== "",
    ),
    contacts: contacts.data.total,
    hasSegment: segments.data.items.length > 0,
    hasMessage: messages.data.items.length > 0,
    hasLiveMessage: messages.data.items.some(({ liveNumber }) => liveNumber !== null),
    hasJourney: journeys.data.items.length > 0,
    hasLiveJourney: journeys.data.items.some(({ state }) => state !== "draft"),
  };
}

/** The first page after signing in: what to do next, then what is going on. */
export function HomePage() {
  const { actor } = useSession();
  const progress = useProgress();
  const isRunning = isUnderWay(progress);
  const journeys = useQuery({
    ...ask(journeyRoutes.list, { query: { limit: 10 } }),
    refetchInterval: refreshMs.live,
    enabled: progress.hasJourney,
  });
  const numbers = useQuery({
    ...ask(insightRoutes.home, { query: { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } }),
    refetchInterval: refreshMs.live,
    enabled: progress.hasLiveJourney,
  });
  return (
    <>
      <PageHeader
        title={`Hello, ${actor.name.split(" ")[0] ?? actor.name}`}
        windowTitle="Home"
        lead={isRunning ? "What is going on." : "The way to your first journey."}
      />
      <HeldMailings />
      <TrackingTroubles />
      {!isRunning && <FirstSteps steps={nextSteps(progress)} />}
      {numbers.data && (
        <Figures numbers={numbers.data} at={numbers.dataUpdatedAt} isLive={!numbers.isRefetchError} />
      )}
      {journeys.data && journeys.data.items.length > 0 && <JourneysNow journeys={journeys.data.items} />}
      {numbers.data && numbers.data.recent.length > 0 && <RecentMail recent={numbers.data.recent} />}
    </>
  );
}
