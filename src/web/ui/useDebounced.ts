import { useEffect, useState } from "react";

/** The value as it was once it has rested for `delayMs` (default 250): for searching while typing. */
export function useDebounced<Value>(value: Value, delayMs = 250): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return rested;
}
