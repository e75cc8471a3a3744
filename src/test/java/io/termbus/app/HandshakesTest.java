package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandshakesTest {
    private final Handshakes handshakes = new Handshakes();

    private EmbeddedChannel begin() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        EmbeddedChannel channel = new EmbeddedChannel(new SslHandler(engine));
        handshakes.begin(channel);
        return channel;
    }

    @Test
    void beyondTheBoundTheOldestGoes() throws Exception {
        List<EmbeddedChannel> all = new ArrayList<>();
        for (int i = 0; i < Handshakes.MAX; i++) {
            all.add(begin());
        }
        assertThat(all).allMatch(EmbeddedChannel::isOpen);

        EmbeddedChannel newest = begin();
        all.get(0).runPendingTasks();

        assertThat(all.get(0).isOpen()).isFalse();
        assertThat(all.subList(1, all.size())).allMatch(EmbeddedChannel::isOpen);
        assertThat(newest.isOpen()).isTrue();
    }

    @Test
    void whoHasGoneDoesNotCountAndWithoutTlsNobodyDoes() throws Exception {
        for (int i = 0; i < 2 * Handshakes.MAX; i++) {
            EmbeddedChannel gone = begin();
            gone.close();
            gone.runPendingTasks();
            EmbeddedChannel plain = new EmbeddedChannel();
            handshakes.begin(plain);
        }
        EmbeddedChannel last = begin();
        for (int i = 1; i < Handshakes.MAX; i++) {
            begin();
        }
        assertThat(last.isOpen()).isTrue();
    }
}
