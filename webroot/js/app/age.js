const STEPS = [
  [60_000, 1_000, 's'],
  [3_600_000, 60_000, 'min'],
  [86_400_000, 3_600_000, 'h'],
  [Infinity, 86_400_000, 'd'],
];

/** 200000 ms → "3 min". Clocks of two machines differ: a negative age is none. Empty for what is no number. */
export function ageInWords(ms) {
  if (!Number.isFinite(ms)) {
    return '';
  }
  const age = Math.max(0, ms);
  const [, unit, name] = STEPS.find(([below]) => age < below);
  return `${Math.floor(age / unit)} ${name}`;
}
