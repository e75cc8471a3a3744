package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PortOwnerTest {
    @TempDir
    Path proc;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::1"})
    void theProcessThatListensIsNamed(String host) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "no Linux");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            assertThat(PortOwner.ofThisMachine().of(socket.getLocalPort()))
                    .hasValueSatisfying(owner -> assertThat(owner)
                            .startsWith("process " + ProcessHandle.current().pid() + " (")
                            .contains("java"));
        }
    }

    @Test
    void theCommandIsShownWithoutItsArguments() throws Exception {
        listening("1F90", "0A", 4242);
        process(17, "java\0-jar\0/opt/termbus.jar\0--set\0auth.token=secret\0", 4242);

        assertThat(new PortOwner(proc).of(8080)).contains("process 17 (java, termbus.jar)");
    }

    @Test
    void connectionsAndOtherPortsAreNotMeant() throws Exception {
        listening("1F90", "01", 4242);
        process(17, "curl\0", 4242);

        assertThat(new PortOwner(proc).of(8080)).isEmpty();
        assertThat(new PortOwner(proc).of(8081)).isEmpty();
    }

    @Test
    void whereNothingCanBeSeenNobodyIsNamed() {
        assertThat(new PortOwner(proc).of(8080)).isEmpty();
    }

    private void listening(String port, String state, int inode) throws Exception {
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(
                proc.resolve("net/tcp"),
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                        + "   0: 0100007F:" + port + " 00000000:0000 " + state
                        + " 00000000:00000000 00:00000000 00000000  1000        0 " + inode + " 1 0000 100\n");
    }

    private void process(int pid, String commandLine, int inode) throws Exception {
        Path directory = Files.createDirectories(proc.resolve(pid + "/fd")).getParent();
        Files.writeString(directory.resolve("cmdline"), commandLine);
        Files.createSymbolicLink(directory.resolve("fd/5"), Path.of("socket:[" + inode + "]"));
    }
}
