package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ServiceManagerTest {
    @TempDir
    Path directory;

    @BeforeEach
    void needsTheNativeTransport() {
        assumeTrue(Epoll.isAvailable(), "Netty's native transport is not there");
    }

    /** @param name as the manager puts it into the variable */
    private static String toldTo(String name, String address) throws Exception {
        Socket manager = Socket.newSocketDomainDgram();
        try {
            manager.bind(new DomainSocketAddress(address));
            ServiceManager.of(Map.of("NOTIFY_SOCKET", name)).tell(ServiceManager.READY);
            ByteBuffer got = ByteBuffer.allocateDirect(100);
            DomainDatagramSocketAddress from = manager.recvFromDomainSocket(got, 0, got.capacity());
            byte[] bytes = new byte[from.receivedAmount()];
            got.get(0, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            manager.close();
        }
    }

    @Test
    void itIsToldAtItsPath() throws Exception {
        String path = directory.resolve("notify").toString();

        assertThat(toldTo(path, path)).isEqualTo("READY=1");
    }

    @Test
    void itIsToldAtItsAbstractName() throws Exception {
        String name = "termbus-test-" + ProcessHandle.current().pid();

        assertThat(toldTo("@" + name, "\0" + name)).isEqualTo("READY=1");
    }

    @Test
    void whereThereIsNoneNobodyIsTold() {
        assertThat(ServiceManager.of(Map.of()).socket()).isEmpty();
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "")).socket()).isEmpty();
    }

    @Test
    void oneThatIsGoneHarmsNobody() {
        ServiceManager gone =
                new ServiceManager(Optional.of(directory.resolve("gone").toString()));

        assertThatCode(() -> gone.tell(ServiceManager.STOPPING)).doesNotThrowAnyException();
    }
}
