package io.termbus.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code home/token}: made once, complete from the moment it exists, mode 0600. */
final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int TOKEN_BYTES = 32;
    private static final int SUFFIX_BYTES = 9;
    private static final int MAX_CHARS = 1024;
    private static final Pattern TOKEN = Pattern.compile("[!-~]{16," + MAX_CHARS + "}");

    private final Path file;

    TokenFile(Path file) {
        this.file = file;
    }

    String readOrCreate() throws IOException {
        try {
            return read();
        } catch (NoSuchFileException e) {
            return create();
        }
    }

    private String read() throws IOException {
        PosixFileAttributes attributes = PrivateFiles.attributes(file, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is not a regular file");
        }
        PrivateFiles.requireUntouchedByOthers(file, attributes);
        if (!PrivateFiles.FILE_MODE.containsAll(attributes.permissions())) {
            Files.setPosixFilePermissions(file, PrivateFiles.FILE_MODE);
            LOG.warn("{} could be read by other users; its mode is now 0600, delete it to get a new token", file);
        }
        String token;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            token = new String(in.readNBytes(MAX_CHARS + 2), StandardCharsets.ISO_8859_1).strip();
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(file + " holds no token; delete it to get a new one");
        }
        return token;
    }

    /** A link to a finished file: of two hubs that start at once one makes the token and both use it. */
    private String create() throws IOException {
        String token = random(TOKEN_BYTES);
        Path draft = file.resolveSibling(".token-" + random(SUFFIX_BYTES));
        try {
            PrivateWrites.create(draft, (token + "\n").getBytes(StandardCharsets.US_ASCII));
            Files.createLink(file, draft);
            PrivateWrites.settle(file);
            return token;
        } catch (FileAlreadyExistsException e) {
            return read();
        } catch (UnsupportedOperationException e) {
            throw new IOException("no hard links in " + file.getParent() + "; set auth.token", e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }
}
