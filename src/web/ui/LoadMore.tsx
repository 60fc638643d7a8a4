import { Button, Group, Text } from "@mantine/core";
import { formatCount } from "./format.ts";

/** The end of a list that comes in pages by cursor: how many are shown, and more of them. */
export function LoadMore({
  shown,
  noun,
  nouns,
  hasMore,
  isLoading,
  onMore,
}: {
  readonly shown: number;
  /** "contact": what is counted. */
  readonly noun: string;
  /** Its plural, if it is not the noun with an s. */
  readonly nouns?: string;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}) {
  if (shown === 0) return null;
  return (
    <Group justify="space-between" mt="md">
      <Text size="sm" c="dimmed" role="status">
        {hasMore ? `The first ${formatCount(shown, noun, nouns)}` : formatCount(shown, noun, nouns)}
      </Text>
      {hasMore && (
        <Button variant="default" onClick={onMore} loading={isLoading}>
          Load more
        </Button>
      )}
    </Group>
  );
}
