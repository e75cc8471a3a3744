package io.termbus.auth;

import java.util.Base64;

/**
 * Whether a signed token is spelled as it was handed out. Base64 can be decoded from many texts: with other bits at the
 * end of the last character, with padding, in the standard alphabet, with white space. Each would be another text for the
 * same token, where tokens are compared, logged or looked up as text.
 */
final class TokenSpelling {
    private static final int PARTS = 3;

    private TokenSpelling() {}

    /** Three parts of base64url without padding, each the only spelling of its bytes. */
    static boolean isExact(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || !isExactPart(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isExactPart(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
