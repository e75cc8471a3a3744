/** Base64 both ways: deliveries are base64url without padding, input is standard base64. */

/** Bytes of a base64url text, padded or not. */
export function decodeBase64Url(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

/** Standard base64 of a Uint8Array. */
export const encodeBytes = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Standard base64 of a string whose characters are bytes (0..255), as xterm.js' onBinary gives it. */
export function encodeBinaryString(binary) {
  return btoa(binary);
}
