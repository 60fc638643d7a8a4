import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { followLinks } from "./follow-links.ts";
import { createQueryClient } from "./query-client.ts";
import { router } from "./router.tsx";
import { cssVariables, theme } from "./theme.ts";

/** The whole app: look, cache, and the router that shows the page of the current address. */
export function App() {
  const [client] = useState(createQueryClient);
  useEffect(
    () =>
      followLinks(
        (href) => void router.navigate({ href }),
        (href) => void router.preloadRoute({ to: new URL(href, window.location.origin).pathname }),
      ),
    [],
  );
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <ModalsProvider>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
