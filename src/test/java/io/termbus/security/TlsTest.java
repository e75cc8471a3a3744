package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both listeners, with new certificates while the hub runs, and with client certificates. */
@Timeout(180)
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private final Vertx clients = Vertx.vertx();
    /** Clients that nobody refers to are closed, and their connections with them. */
    private final List<NetClient> kept = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        RunningHub.await(clients.close());
    }

    /** Makes {@code name.crt} and {@code name.key}. */
    private void certificate(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        pem(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
    }

    private void pem(String file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private RunningHub hub(String... more) throws Exception {
        String[] settings = new String[more.length + 2];
        settings[0] = "tls.certificate=" + directory.resolve("hub.crt");
        settings[1] = "tls.key=" + directory.resolve("hub.key");
        System.arraycopy(more, 0, settings, 2, more.length);
        return new RunningHub(directory, settings);
    }

    private Future<NetSocket> connecting(int port, NetClientOptions options) {
        options.setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
        NetClient client = clients.createNetClient(options);
        kept.add(client);
        return client.connect(port, "127.0.0.1");
    }

    private NetSocket connect(int port, NetClientOptions options) throws Exception {
        return RunningHub.await(connecting(port, options));
    }

    /** Looks on the event loop: a socket that has closed shows nothing. */
    private String subject(int port) throws Exception {
        return RunningHub.await(connecting(port, new NetClientOptions()).map(socket -> {
            try {
                X509Certificate shown =
                        (X509Certificate) socket.peerCertificates().get(0);
                socket.close().onFailure(failure -> {});
                return shown.getSubjectX500Principal().getName();
            } catch (SSLPeerUnverifiedException e) {
                return "nobody";
            }
        }));
    }

    private static Buffer ping() {
        String json = "{\"type\":\"ping\"}";
        return Buffer.buffer().appendInt(json.length()).appendString(json);
    }

    @Test
    void bothListenersShowTheCertificateAndANewOneSoonAfterItsFilesChange() throws Exception {
        certificate("hub");
        certificate("next");
        RunningHub hub = hub();
        assertThat(subject(hub.hub.tcpPort())).isEqualTo("CN=hub");
        assertThat(subject(hub.hub.httpPort())).isEqualTo("CN=hub");
        NetSocket old = connect(hub.hub.tcpPort(), new NetClientOptions());

        for (String kind : new String[] {".crt", ".key"}) {
            Files.copy(
                    directory.resolve("next" + kind),
                    directory.resolve("hub" + kind),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> subject(hub.hub.tcpPort()).equals("CN=next"));
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> subject(hub.hub.httpPort()).equals("CN=next"));
        RunningHub.await(old.write(ping()));
        hub.close();
    }

    @Test
    void damagedFilesLeaveTheOldCertificateInPlace() throws Exception {
        certificate("hub");
        RunningHub hub = hub();

        Files.writeString(directory.resolve("hub.crt"), "no certificate");

        Awaitility.await()
                .during(3, TimeUnit.SECONDS)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> subject(hub.hub.tcpPort()).equals("CN=hub"));
        hub.close();
    }

    @Test
    void withAClientCaOnlyItsCertificatesAreLetIn() throws Exception {
        certificate("hub");
        certificate("client");
        certificate("stranger");
        RunningHub hub = hub("tls.clientCa=" + directory.resolve("client.crt"));

        Buffer request = Buffer.buffer("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (boolean http : new boolean[] {true, false}) {
            int port = http ? hub.hub.httpPort() : hub.hub.tcpPort();
            Buffer words = http ? request : ping();
            assertThat(isAnswered(port, words, "client")).isTrue();
            assertThat(isAnswered(port, words, "stranger")).isFalse();
            assertThat(isAnswered(port, words, "")).isFalse();
        }
        hub.close();
    }

    @Test
    void aNewClientCaHoldsSoonAfterItsFileChanges() throws Exception {
        certificate("hub");
        certificate("client");
        certificate("stranger");
        Path ca = Files.copy(directory.resolve("client.crt"), directory.resolve("ca.crt"));
        RunningHub hub = hub("tls.clientCa=" + ca);
        assertThat(isAnswered(hub.hub.tcpPort(), ping(), "client")).isTrue();

        Files.copy(directory.resolve("stranger.crt"), ca, StandardCopyOption.REPLACE_EXISTING);

        Awaitility.await().until(() -> isAnswered(hub.hub.tcpPort(), ping(), "stranger"));
        assertThat(isAnswered(hub.hub.tcpPort(), ping(), "client")).isFalse();
        hub.close();
    }

    /** With TLS 1.3 a client learns that it was refused only when it reads. */
    private boolean isAnswered(int port, Buffer words, String name) throws Exception {
        NetClientOptions options = new NetClientOptions();
        if (!name.isEmpty()) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(directory.resolve(name + ".crt").toString())
                    .addKeyPath(directory.resolve(name + ".key").toString()));
        }
        try {
            NetSocket socket = connect(port, options);
            var answered = new java.util.concurrent.CompletableFuture<Boolean>();
            socket.handler(bytes -> answered.complete(true));
            socket.exceptionHandler(failure -> {});
            socket.closeHandler(done -> answered.complete(false));
            socket.write(words).onFailure(failure -> answered.complete(false));
            return answered.get(RunningHub.SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException refused) {
            return false;
        }
    }

    @Test
    void aPlainClientIsNotAnswered() throws Exception {
        certificate("hub");
        RunningHub hub = hub();

        String answer;
        try {
            answer = RawHttp.get(hub.hub.httpPort(), "/");
        } catch (IOException cut) {
            answer = "";
        }
        assertThat(answer).doesNotContain("HTTP/1.1 200");
        hub.close();
    }
}
