import { Tabs } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { contactRoutes } from "#contract/contacts.ts";
import { ask } from "../app/api.ts";
import { useAddress, useParam } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { When } from "../ui/When.tsx";
import { ContactConsent } from "./ContactConsent.tsx";
import { ContactProfile } from "./ContactProfile.tsx";
import { ContactTimeline } from "./ContactTimeline.tsx";
import { DeleteContact } from "./DeleteContact.tsx";
import { fullName } from "./person-words.ts";

/** One person: who they are, what happened with them, and what they agreed to. */
export function ContactPage() {
  const id = useParam("id");
  const [{ tab = "profile" }, setAddress] = useAddress();
  const { data: contact } = useSuspenseQuery(ask(contactRoutes.get, { params: { id } }));
  const canErase = useCan("contacts:erase");
  const name = fullName(contact);
  return (
    <>
      <PageHeader
        title={name || contact.email}
        lead={
          <>
            {name && `${contact.email} · `}Added <When at={contact.createdAt} />
          </>
        }
        back={{ label: "Contacts", href: paths.contacts() }}
        actions={canErase && <DeleteContact id={id} email={contact.email} />}
      />
      <Tabs
        value={tab}
        onChange={(value) => setAddress({ tab: value === "profile" ? undefined : (value ?? "") })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="profile">Profile</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="consent">Consent</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="profile">
          <ContactProfile key={contact.updatedAt} contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <ContactTimeline id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="consent">
          <ContactConsent id={id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
