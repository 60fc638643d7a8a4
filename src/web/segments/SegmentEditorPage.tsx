import { Alert, Button, Group, List, Menu, Tabs } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { segmentRoutes } from "#contract/segments.ts";
import { type AnswerOf, ask } from "../app/api.ts";
import { useAddress, useGo, useParam } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { kindWords } from "./kind-words.ts";
import { RulesForm } from "./RulesForm.tsx";
import { SegmentDetails } from "./SegmentDetails.tsx";
import { SegmentMembers } from "./SegmentMembers.tsx";
import { SegmentUses } from "./SegmentUses.tsx";
import { useArchive } from "./use-archive.ts";
import { useSchema } from "./use-schema.ts";
import { useSnapshot } from "./use-snapshot.ts";

export type Segment = AnswerOf<typeof segmentRoutes.get>;

/** One segment: its rules, who is in it, where it is used. */
export function SegmentEditorPage() {
  const id = useParam("id");
  const [{ tab }, setAddress] = useAddress();
  const { data: segment } = useSuspenseQuery(ask(segmentRoutes.get, { params: { id } }));
  const schema = useSchema();
  const isReadOnly = !useCan("segments:write") || segment.archivedAt !== null;
  const first = segment.kind === "dynamic" ? "rules" : "members";
  return (
    <>
      <PageHeader
        title={segment.name}
        back={{ label: "Segments", href: paths.segments() }}
        badge={<StatusBadge tone="quiet">{kindWords[segment.kind].label}</StatusBadge>}
        lead={
          <>
            {segment.description || kindWords[segment.kind].lead} · Changed <When at={segment.updatedAt} />
          </>
        }
        actions={<SegmentActions segment={segment} />}
      />
      {segment.problems.length > 0 && (
        <Alert color="yellow" mb="md" title="Some of its rules do not fit any more">
          <List size="sm">
            {segment.problems.map(({ message, suggestion, path }) => (
              <List.Item key={`${path.join(".")} ${message}`}>
                {message} {suggestion}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Tabs
        value={tab ?? first}
        keepMounted={false}
        onChange={(value) => setAddress({ tab: value === first ? undefined : (value ?? "") })}
      >
        <Tabs.List mb="lg">
          {segment.definition && <Tabs.Tab value="rules">Rules</Tabs.Tab>}
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="uses">Where it is used</Tabs.Tab>
          <Tabs.Tab value="details">Name</Tabs.Tab>
        </Tabs.List>
        {segment.definition && (
          <Tabs.Panel value="rules">
            <RulesForm id={id} definition={segment.definition} schema={schema} isReadOnly={isReadOnly} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="members">
          <SegmentMembers segment={segment} isReadOnly={isReadOnly} />
        </Tabs.Panel>
        <Tabs.Panel value="uses">
          <SegmentUses id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <SegmentDetails segment={segment} isReadOnly={isReadOnly} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function SegmentActions({ segment }: { readonly segment: Segment }) {
  const go = useGo();
  const { archive, restore } = useArchive();
  const snapshot = useSnapshot();
  if (!useCan("segments:write")) return null;
  if (segment.archivedAt !== null)
    return (
      <Button variant="default" onClick={() => void restore(segment)}>
        Restore
      </Button>
    );
  return (
    <Group gap="xs">
      <Button variant="default" loading={snapshot.isPending} onClick={() => void snapshot.take(segment)}>
        Take a snapshot
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More for this segment">
            <IconDots aria-hidden size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void archive(segment).then((isDone) => isDone && go(paths.segments()))}>
            Archive segment
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
