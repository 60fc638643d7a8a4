import { segmentRoutes } from "#contract/segments.ts";
import { useCall } from "../app/api.ts";
import { notify } from "../ui/notify.tsx";

type Segment = { readonly id: string; readonly name: string };

/** Archives and restores segments, and says so; archiving can be taken back at once. */
export function useArchive() {
  const changes = ["segments."];
  const archiving = useCall(segmentRoutes.archive, { changes });
  const restoring = useCall(segmentRoutes.restore, { changes });

  async function restore({ id, name }: Segment): Promise<boolean> {
    try {
      await restoring.mutateAsync({ params: { id } });
      notify.done(`${name} is back`);
      return true;
    } catch (error) {
      notify.failed(error);
      return false;
    }
  }

  async function archive(segment: Segment): Promise<boolean> {
    try {
      await archiving.mutateAsync({ params: { id: segment.id } });
      notify.undo(`${segment.name} is archived`, () => void restore(segment));
      return true;
    } catch (error) {
      notify.failed(error);
      return false;
    }
  }

  return { archive, restore };
}
