import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArchive,
  IconCopy,
  IconDots,
  IconPlayerStop,
  IconRestore,
  IconTemplate,
} from "@tabler/icons-react";
import { useState } from "react";
import { z } from "zod";
import { Finding, type Message, messageRoutes } from "#contract/messages.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { notify } from "../ui/notify.tsx";
import { problemOf } from "../ui/problem.ts";
import { TestSendPanel } from "./TestSendPanel.tsx";

type Saved = z.output<typeof Message>;

/** What can be done with a message: check, test, go live, and what is rarer in a menu. */
export function EditorActions({
  message,
  contentSettingsId,
  isChecking,
  save,
  onCheck,
  onChanged,
  onFindings,
}: {
  readonly message: Saved;
  readonly contentSettingsId: string | undefined;
  readonly isChecking: boolean;
  readonly save: () => Promise<Saved | undefined>;
  readonly onCheck: () => void;
  readonly onChanged: (message: Saved) => void;
  readonly onFindings: (findings: readonly z.output<typeof Finding>[]) => void;
}) {
  const [isTesting, setTesting] = useState(false);
  const canPublish = useCan("messages:publish");
  const canWrite = useCan("messages:write");
  const goLive = useCall(messageRoutes.goLive, { changes: ["messages.list", "messages.versions"] });

  async function publish(): Promise<void> {
    const now = await save();
    if (!now) return;
    try {
      const answer = await goLive.mutateAsync({
        params: { messageId: now.id },
        body: { revision: now.revision },
      });
      onChanged(answer.message);
      notify.done(`Version ${answer.message.live?.number ?? ""} is live, ready for journeys`);
    } catch (error) {
      const problem = problemOf(error);
      const findings = z.array(Finding).safeParse(problem.facts.findings);
      if (problem.code === "message.check-failed" && findings.success) onFindings(findings.data);
      else notify.failed(error);
    }
  }

  const isLiveAsIs = message.state === "live";
  return (
    <>
      <Button variant="default" onClick={onCheck} loading={isChecking}>
        Check
      </Button>
      {canWrite && (
        <Button variant="default" onClick={() => void save().then((now) => now && setTesting(true))}>
          Send test
        </Button>
      )}
      {canPublish && message.state !== "archived" && (
        <Button
          onClick={() => void publish()}
          loading={goLive.isPending}
          disabled={isLiveAsIs}
          title={isLiveAsIs ? "This very content is live already" : undefined}
        >
          Go live
        </Button>
      )}
      <MoreMenu message={message} onChanged={onChanged} />
      <TestSendPanel
        messageId={message.id}
        contentSettingsId={contentSettingsId}
        isOpen={isTesting}
        onClose={() => setTesting(false)}
      />
    </>
  );
}

function MoreMenu({
  message,
  onChanged,
}: {
  readonly message: Saved;
  readonly onChanged: (message: Saved) => void;
}) {
  const go = useGo();
  const canWrite = useCan("messages:write");
  const canPublish = useCan("messages:publish");
  const params = { messageId: message.id };
  const changes = ["messages.list"];
  const copy = useCall(messageRoutes.copy, { changes });
  const stop = useCall(messageRoutes.stop, { changes });
  const archive = useCall(messageRoutes.archive, { changes });
  const restore = useCall(messageRoutes.restore, { changes });
  const keep = useCall(messageRoutes.saveTemplate, { changes: ["templates."] });

  function attempt(work: () => Promise<void>): void {
    void work().catch(notify.failed);
  }

  async function stopIt(): Promise<void> {
    const sure = await confirm({
      title: "Stop this message?",
      body: "Journeys can no longer choose it. What was sent stays as it is, and it can go live again.",
      action: "Stop message",
    });
    if (sure) onChanged(await stop.mutateAsync({ params }));
  }

  async function putAway(): Promise<void> {
    onChanged(await archive.mutateAsync({ params }));
    notify.undo("Message archived", () =>
      attempt(async () => onChanged(await restore.mutateAsync({ params }))),
    );
  }

  if (!canWrite) return null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="More actions">
          <IconDots aria-hidden size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy aria-hidden size={16} />}
          onClick={() =>
            attempt(async () => go(paths.message({ id: (await copy.mutateAsync({ params })).id })))
          }
        >
          Copy
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTemplate aria-hidden size={16} />}
          onClick={() =>
            attempt(async () => {
              await keep.mutateAsync({ body: { messageId: message.id, name: message.name } });
              notify.done("Kept as a template");
            })
          }
        >
          Save as template
        </Menu.Item>
        {canPublish && message.live && (
          <Menu.Item leftSection={<IconPlayerStop aria-hidden size={16} />} onClick={() => attempt(stopIt)}>
            Stop
          </Menu.Item>
        )}
        {message.state === "archived" ? (
          <Menu.Item
            leftSection={<IconRestore aria-hidden size={16} />}
            onClick={() => attempt(async () => onChanged(await restore.mutateAsync({ params })))}
          >
            Restore
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconArchive aria-hidden size={16} />} onClick={() => attempt(putAway)}>
            Archive
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
