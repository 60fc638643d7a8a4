import { segmentRoutes } from "#contract/segments.ts";
import { useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { formatDateTime } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";

/** Makes a hand-picked list of the members of now, and goes there. */
export function useSnapshot() {
  const go = useGo();
  const snapshot = useCall(segmentRoutes.snapshot, { changes: ["segments."] });
  async function take({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    try {
      const named = `${name}, ${formatDateTime(new Date())}`.slice(0, 200);
      const made = await snapshot.mutateAsync({ params: { id }, body: { name: named } });
      notify.done(`${made.name} holds the members of now`);
      go(paths.segment({ id: made.id }));
    } catch (error) {
      notify.failed(error);
    }
  }
  return { take, isPending: snapshot.isPending };
}
