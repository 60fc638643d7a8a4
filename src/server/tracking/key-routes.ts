import { type TrackingKeyList, trackingRoutes } from "#contract/tracking.ts";
import { isNewKeySuggested, keyStates } from "#core/tracking/key-states.ts";
import type { Http } from "../platform/http/implement.ts";
import type { ListedKeys, TrackingKeys } from "./tracking-keys.ts";

/** Binds the list of tracking keys, making one and retiring one. */
export function bindKeyRoutes(http: Http, keys: TrackingKeys): void {
  const list = async () => presentKeys(await keys.list());
  http.implement(trackingRoutes.keys, list);
  http.implement(trackingRoutes.makeKey, async ({ actor }) => {
    await keys.rotate(actor);
    return list();
  });
  http.implement(trackingRoutes.retireKey, async ({ actor, params }) => {
    await keys.retire(actor, params.kid);
    return list();
  });
}

function presentKeys({ keys, now }: ListedKeys): TrackingKeyList {
  const states = keyStates(keys, now);
  const time = (at: number) => new Date(at).toISOString();
  return {
    items: keys.toReversed().flatMap(({ kid, createdAt, retiredAt, madeBy, retiredBy }) => {
      const state = states.get(kid);
      if (!state) return [];
      const { signsFrom, signedUntil } = state;
      return [
        {
          ...{ kid, madeBy, retiredBy, state: state.state, canRetire: state.canRetire },
          createdAt: time(createdAt),
          signsFrom: time(signsFrom),
          signedUntil: signedUntil === null ? null : time(signedUntil),
          retiredAt: retiredAt === null ? null : time(retiredAt),
        },
      ];
    }),
    isNewKeySuggested: isNewKeySuggested(keys, now),
  };
}
