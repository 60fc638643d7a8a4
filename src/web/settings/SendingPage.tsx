import { PageHeader } from "../ui/PageHeader.tsx";
import { AllSending } from "./AllSending.tsx";
import { BreakerSettings } from "./BreakerSettings.tsx";
import { DomainPaces } from "./DomainPaces.tsx";
import { RoutesPanel } from "./RoutesPanel.tsx";
import { SendingDomains } from "./SendingDomains.tsx";
import { toSettings } from "./settings-back.ts";
import { TimingSettings } from "./TimingSettings.tsx";

/** The roads that mail leaves by, and the domains it is signed for. */
export function SendingPage() {
  return (
    <>
      <PageHeader
        title="Sending"
        lead="Whether mail leaves, by which servers, and in whose name."
        back={toSettings}
      />
      <AllSending />
      <RoutesPanel />
      <DomainPaces />
      <SendingDomains />
      <BreakerSettings />
      <TimingSettings />
    </>
  );
}
