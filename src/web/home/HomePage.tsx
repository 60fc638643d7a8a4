import { PageHeader } from "../ui/PageHeader.tsx";

/** The first page after signing in. */
export function HomePage() {
  return <PageHeader title="Home" lead="What to do next, and what is going on." />;
}
