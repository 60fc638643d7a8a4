import { Alert, Button, Group, Modal, Tabs, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { deliveryRoutes } from "#contract/delivery.ts";
import { linkRoutes } from "#contract/tracking.ts";
import { ask, urlOf } from "../app/api.ts";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { inertCopy } from "./inert-copy.ts";
import css from "./SentMessage.module.css";

/** Opens a message exactly as it was sent to this contact. */
export function SentMessage({ deliveryId }: { readonly deliveryId: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="compact-sm" variant="subtle" onClick={open}>
        See the message
      </Button>
      <Modal opened={isOpen} onClose={close} title="The message as it was sent" size="xl">
        <Copy deliveryId={deliveryId} />
      </Modal>
    </>
  );
}

function Copy({ deliveryId }: { readonly deliveryId: string }) {
  const params = { id: deliveryId };
  const { data, error, isPending, refetch } = useQuery(ask(deliveryRoutes.message, { params }));
  if (isPending) return <PageLoading />;
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Text fw={600}>{data.subject}</Text>
      <Text size="sm" c="dimmed" mb="md">
        {data.fromName} &lt;{data.fromAddress}&gt;
      </Text>
      <RepairedLinks deliveryId={deliveryId} />
      <Tabs defaultValue="html" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="html">As seen</Tabs.Tab>
          <Tabs.Tab value="text">Plain text</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="html">
          {/* Without permissions: nothing in a message may run or act here. */}
          <iframe title="The message" className={css.frame} sandbox="" srcDoc={inertCopy(data.html)} />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <pre className={css.text}>{data.text}</pre>
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <pre className={css.text}>
            {data.headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}
          </pre>
        </Tabs.Panel>
      </Tabs>
      <Group mt="md">
        <Button
          component="a"
          variant="default"
          href={urlOf(deliveryRoutes.source, { params })}
          download={`${deliveryId}.eml`}
          leftSection={<IconDownload aria-hidden size={16} />}
        >
          Download the source
        </Button>
      </Group>
    </>
  );
}

/** The copy is what was sent; links that lead elsewhere by now are named beside it. */
function RepairedLinks({ deliveryId }: { readonly deliveryId: string }) {
  const { data } = useQuery(ask(linkRoutes.ofDelivery, { params: { id: deliveryId } }));
  if (!data || data.items.length === 0) return null;
  return (
    <Alert icon={<IconInfoCircle aria-hidden size={18} />} title="Links that lead elsewhere now" mb="md">
      {data.items.map(({ number, label, sentUrl, url }) => (
        <Text key={number} size="sm" style={{ overflowWrap: "anywhere" }}>
          <strong>{label || sentUrl || `Link ${number}`}</strong> leads to {url} since it was repaired.
        </Text>
      ))}
    </Alert>
  );
}
