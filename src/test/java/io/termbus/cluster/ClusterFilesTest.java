package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.termbus.config.ClusterConfig;
import io.termbus.config.TlsConfig;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code conf/cluster.xml} and its sister, with settings filled in. */
@Timeout(30)
class ClusterFilesTest {
    private static ClusterConfig settings(Optional<Path> file, List<String> members) {
        return new ClusterConfig(
                file,
                "name-of-cluster",
                "127.0.0.1",
                5799,
                0,
                Optional.of("public.example.org"),
                members,
                TlsConfig.NONE);
    }

    @Test
    void theShippedFileTakesItsValuesFromTheSettingsAndAsksNobodyElse() throws IOException {
        Config config = ClusterFiles.read(settings(Optional.empty(), List.of("127.0.0.1", "10.0.0.1:5701")));

        assertThat(config.getClusterName()).isEqualTo("name-of-cluster");
        assertThat(config.getNetworkConfig().getPort()).isEqualTo(5799);
        assertThat(config.getNetworkConfig().getPublicAddress()).isEqualTo("public.example.org");
        assertThat(config.getNetworkConfig().getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
        assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1", "10.0.0.1:5701");
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.socket.server.bind.any"))
                .as("it listens on cluster.host alone")
                .isEqualTo("false");
    }

    @Test
    void theFileForPodsFindsThemByTheNameOfTheirService() throws IOException {
        Config config = ClusterFiles.read(
                settings(Optional.of(Path.of("conf/cluster-kubernetes.xml")), List.of("termbus.default.svc")));

        JoinConfig join = config.getNetworkConfig().getJoin();
        assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
        assertThat(join.getKubernetesConfig().getProperty("service-dns")).isEqualTo("termbus.default.svc");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        ClusterConfig absent = settings(Optional.of(Path.of("absent.xml")), List.of());

        assertThatThrownBy(() -> ClusterFiles.read(absent)).isInstanceOf(NoSuchFileException.class);
    }
}
