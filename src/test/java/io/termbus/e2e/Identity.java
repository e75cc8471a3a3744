package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A new certificate for 127.0.0.1 and its key, as PEM files. */
record Identity(Path certificate, Path key) {
    private static final String PASSWORD = "changeit";
    private static final int LINE_CHARS = 64;
    private static final String CA = "ca";

    /** Signs certificates; known to those alone who trust its own one. */
    record Authority(Path store, Path certificate) {
        static Authority in(Path directory, String name) throws Exception {
            Path store = directory.resolve(name + ".p12");
            generate(store, CA, name, "bc:critical=ca:true");
            return new Authority(
                    store, export(store, CA, directory.resolve(name)).certificate());
        }

        Identity issue(String name) throws Exception {
            generate(store, name, name, "san=ip:127.0.0.1", "-signer", CA);
            return export(store, name, store.resolveSibling(name));
        }
    }

    static Identity selfSigned(Path directory, String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        generate(store, name, name, "san=ip:127.0.0.1");
        return export(store, name, directory.resolve(name));
    }

    private static void generate(Path store, String alias, String name, String extension, String... more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-alias", alias, "-dname", "CN=" + name, "-ext", extension));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(store.resolveSibling(alias + ".log").toFile())
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as("%s", command).isZero();
    }

    /** @param files their path without the ending */
    private static Identity export(Path store, String alias, Path files) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new Identity(
                pem(
                        Path.of(files + ".crt"),
                        "CERTIFICATE",
                        keys.getCertificate(alias).getEncoded()),
                pem(
                        Path.of(files + ".key"),
                        "PRIVATE KEY",
                        keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }
}
