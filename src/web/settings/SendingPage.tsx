import { PageHeader } from "../ui/PageHeader.tsx";
import { RoutesPanel } from "./RoutesPanel.tsx";
import { SendingDomains } from "./SendingDomains.tsx";
import { toSettings } from "./settings-back.ts";

/** The roads that mail leaves by, and the domains it is signed for. */
export function SendingPage() {
  return (
    <>
      <PageHeader
        title="Sending"
        lead="The servers that mail leaves by, and the domains it is signed for."
        back={toSettings}
      />
      <RoutesPanel />
      <SendingDomains />
    </>
  );
}
