package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.FileErrors;
import io.termbus.cli.process.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS over TCP. The hub's certificate must be for the host's name, signed by one that is trusted. */
public final class TlsSocket {
    private static final int HANDSHAKE_MILLIS = 15_000;

    private TlsSocket() {}

    /**
     * @param authorities PEM file of certificates to trust; empty: those that Java trusts
     * @param client what this side shows
     */
    public static SSLSocketFactory factory(Optional<Path> authorities, Optional<PemKey> client) throws CliException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities.isPresent() ? trusting(authorities.get()) : null);
            KeyManager[] keys = client.isPresent() ? client.get().managers() : null;
            context.init(keys, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException e) {
            throw new CliException(Status.CONFIG, "no TLS: " + FileErrors.reason(e));
        } catch (GeneralSecurityException e) {
            throw new CliException(
                    Status.CONFIG, "no TLS: a file of --tls-… is not what it should be: " + e.getMessage());
        }
    }

    static Wire connect(SSLSocketFactory factory, String host, int port) throws IOException {
        Socket plain = Wire.connect(host, port);
        try {
            plain.setSoTimeout(HANDSHAKE_MILLIS);
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.setSoTimeout(0);
            return Wire.of(socket);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** Says what went wrong and what helps. */
    static String reason(SSLException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("PKIX path")) {
            return "its certificate is not signed by one that is trusted; give --tls-ca FILE (PEM)";
        }
        if (message.startsWith("Unsupported or unrecognized")) {
            return "that port speaks no TLS; leave --tls and --tls-ca out";
        }
        return message + (message.contains("subject alternative") ? "; give --host as the certificate has it" : "");
    }

    private static KeyStore trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int count = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, each);
            }
            if (count == 0) {
                throw new IOException(file + " holds no certificate in PEM");
            }
        }
        return store;
    }
}
