import type { Role } from "./permissions.ts";

/** Who acts: a signed-in person, a machine with a key, or the product itself. Ids are decimal row numbers. */
export type Actor =
  | {
      readonly kind: "user";
      readonly id: string;
      readonly label: string;
      readonly role: Role;
      readonly ip: string | null;
    }
  | {
      readonly kind: "api-key";
      readonly id: string;
      readonly label: string;
      readonly role: Role;
      readonly ip: string | null;
    }
  | {
      readonly kind: "system";
      readonly id: null;
      readonly label: string;
      readonly role: "owner";
      readonly ip: null;
    };

/** The product acting on its own, for the audit log. */
export function systemActor(label: string): Actor {
  return { kind: "system", id: null, label, role: "owner", ip: null };
}
