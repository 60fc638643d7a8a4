import { PasswordInput, Progress } from "@mantine/core";
import type { ChangeEvent } from "react";
import { passwordStrength } from "./password-strength.ts";

type Props = {
  readonly label: string;
  readonly email: string;
  readonly name: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
};

const colors = ["gray", "red.7", "yellow.7", "spruce"];

/** A new password with what is still missing, said while typing. */
export function NewPasswordField({ email, ...field }: Props) {
  const { level, words } = passwordStrength(field.value, email);
  return (
    <div>
      <PasswordInput
        {...field}
        required
        withAsterisk={false}
        autoComplete="new-password"
        description={field.error ? undefined : words}
        inputWrapperOrder={["label", "input", "error", "description"]}
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
      />
      <Progress value={level * 33.4} color={colors[level] ?? "gray"} size={4} mt={8} aria-hidden />
    </div>
  );
}
