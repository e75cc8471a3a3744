package io.termbus.app;

/** The files of {@code tls.certificate}, {@code tls.key} or {@code tls.clientCa} cannot be used. */
final class TlsException extends Exception {
    private static final long serialVersionUID = 1;

    TlsException(Throwable cause) {
        super("tls.certificate, tls.key or tls.clientCa cannot be used: " + cause, cause);
    }
}
