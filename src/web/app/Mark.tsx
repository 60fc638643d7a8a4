/** The mark of the product: a letter whose seam is a road. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#17694f" />
      <path
        d="M6 10.5 16 18l10-7.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M12 25.5 14.4 21M20 25.5 17.6 21"
        fill="none"
        stroke="#a6d3c4"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
