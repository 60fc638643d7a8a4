export { enqueueContacts, enqueueFromSql, enqueueRecipients, type Recipient } from "./enqueue-recipients.ts";
export { ensureMailing, type MailingRequest } from "./ensure-mailing.ts";
export { countQueuedOfJourney, setMailingsOfJourney } from "./hold-mailings.ts";
export { bindTestSend } from "./send-test.ts";
