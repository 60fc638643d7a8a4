import { Skeleton, VisuallyHidden } from "@mantine/core";

/** The outline of a page while it loads; announced once. */
export function PageLoading() {
  return (
    <div role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      <Skeleton height={28} width={220} radius="sm" mb={28} />
      <Skeleton height={16} mb={14} />
      <Skeleton height={16} mb={14} width="86%" />
      <Skeleton height={16} width="62%" />
    </div>
  );
}
