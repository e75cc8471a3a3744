package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in one network namespace, one in another, and the wire between them cut and mended. Needs root. */
@Timeout(400)
class PartitionIT {
    private static final String CAT = "stty -echo; cat";

    @TempDir
    Path directory;

    @Test
    void bothSidesGoOnAloneAndFindEachOtherAgain() throws Exception {
        assumeTrue(Namespaces.possible(), "no root, or no iproute2: network namespaces cannot be made");
        try (Namespaces net = new Namespaces();
                Nodes nodes = new Nodes(directory, "tls.allowPlaintext=true", "cluster.allowPlaintext=true")) {
            Node left = start(nodes, net, 1);
            Node alsoLeft = start(nodes, net, 1);
            Node right = start(nodes, net, 2);
            nodes.awaitPeers(3);
            String ofLeft = left.shell(CAT);
            String ofRight = right.shell(CAT);
            try (TcpClient leftClient = TcpClient.connect(alsoLeft.hub());
                    TcpClient rightClient = TcpClient.connect(right.hub())) {
                Subscription near = leftClient.attach(ofLeft, new JsonObject());
                near.until("snapshot");
                Subscription farRight = leftClient.attach(ofRight, new JsonObject());
                farRight.until("snapshot");
                Subscription farLeft = rightClient.attach(ofLeft, new JsonObject());
                farLeft.until("snapshot");

                net.cut();

                assertThat(farRight.untilDisconnected()).isEqualTo("owner_unreachable");
                assertThat(farLeft.untilDisconnected()).isEqualTo("owner_unreachable");
                Nodes.await(() -> left.sessions().equals(List.of(ofLeft)));
                Nodes.await(() -> right.sessions().equals(List.of(ofRight)));
                Nodes.await(() -> readiness(right) == 503);
                assertThat(List.of(readiness(left), readiness(alsoLeft))).containsExactly(200, 200);
                left.operator().input(ofLeft, "typed on the left\n");
                near.untilText("typed on the left\r\n");
                right.operator().input(ofRight, "typed on the right\n");
                String madeMeanwhile = right.operator().shell(CAT);

                net.mend();

                nodes.awaitPeers(3);
                Nodes.await(() -> readiness(right) == 200);
                for (Node node : List.of(left, alsoLeft, right)) {
                    Nodes.await(() -> node.sessions().size() == 3
                            && node.sessions().containsAll(List.of(ofLeft, ofRight, madeMeanwhile)));
                }
                // new attaches have all of it, and nothing of the old links comes in between
                Subscription again = leftClient.attach(ofRight, new JsonObject());
                again.untilText("typed on the right");
                right.operator().input(ofRight, "typed after that\n");
                again.untilText("typed after that\r\n");
                near.untilText("typed on the left");
                left.operator().input(ofLeft, "still there\n");
                near.untilText("still there\r\n");
                leftClient.attach(madeMeanwhile, new JsonObject()).until("snapshot");
            }
        }
    }

    private static int readiness(Node node) throws Exception {
        URI address =
                URI.create("http://" + node.hub().host() + ":" + node.hub().httpPort() + "/readyz");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static Node start(Nodes nodes, Namespaces net, int side) throws Exception {
        String host = net.address(side);
        return nodes.add(nodes.start(
                net.inside(side),
                "http.host=" + host,
                "tcp.host=" + host,
                "cluster.host=" + host,
                "cluster.members=" + net.address(1) + "," + net.address(2)));
    }
}
