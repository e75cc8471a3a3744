/** A browser may take so long to begin with a download. */
const KEPT_MS = 10_000;

/** Lets the user save a text as a file. */
export function saveText(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** A name for a file on any system: "build box" at 15:04:05 → "build-box-2026-11-23-150405.txt". */
export function fileName(label, date) {
  const plain = label.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '').slice(0, 60);
  const stamp = date.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `${plain || 'session'}-${stamp}.txt`;
}
