package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.support.Programs;
import io.termbus.support.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifest for Kubernetes in docs/cluster.md, as far as it can be checked without a cluster. */
@Timeout(20)
class ManifestTest {
    private static final Pattern BLOCK =
            Pattern.compile("```yaml\n(apiVersion: v1\nkind: Secret.*?)```", Pattern.DOTALL);
    private static final String POD_ADDRESS = "10.1.2.3";

    @TempDir
    Path directory;

    private final Map<String, Map<String, Object>> byKind = new HashMap<>();
    private String dockerfile = "";
    private String text = "";

    @BeforeEach
    void read() throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs", "cluster.md")));
        assertThat(block.find()).isTrue();
        text = block.group(1);
        for (Object each : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            Map<String, Object> object = map(each);
            byKind.put((String) object.get("kind"), object);
        }
        dockerfile = Files.readString(Path.of("Dockerfile"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** What is at a path of names and list positions. */
    private static Object at(Object from, Object... path) {
        Object value = from;
        for (Object step : path) {
            value = step instanceof Integer index
                    ? ((List<?>) value).get(index)
                    : map(value).get(step);
            assertThat(value).as("%s", step).isNotNull();
        }
        return value;
    }

    private Object container(Object... path) {
        return at(at(byKind.get("StatefulSet"), "spec", "template", "spec", "containers", 0), path);
    }

    private Map<String, String> environment() {
        Map<String, String> all = new HashMap<>();
        for (Object each : (List<?>) container("env")) {
            Map<String, Object> variable = map(each);
            String name = (String) variable.get("name");
            Object value = variable.get("value");
            if (value == null) {
                Map<String, Object> from = map(at(variable, "valueFrom"));
                value = from.containsKey("fieldRef")
                        ? POD_ADDRESS
                        : at(byKind.get("Secret"), "stringData", at(from, "secretKeyRef", "key"));
            }
            all.put(name, (String) value);
        }
        return all;
    }

    private HubConfig config() throws ConfigException {
        SettingsFixture settings = new SettingsFixture(directory);
        settings.environment.putAll(environment());
        List<String> assignments = new ArrayList<>();
        List<?> args = (List<?>) container("args");
        assertThat(args.get(0)).isEqualTo("--cluster");
        for (int i = 1; i < args.size(); i += 2) {
            assertThat(args.get(i)).isEqualTo("--set");
            assignments.add((String) args.get(i + 1));
        }
        LoadedConfig loaded = settings.load(assignments.toArray(new String[0]));
        return loaded.config();
    }

    @Test
    void itsVariablesAndArgumentsAreSettingsAndItsSecretIsAToken() throws Exception {
        HubConfig config = config();

        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.auth().token())
                .hasValueSatisfying(token -> assertThat(token).hasSizeGreaterThan(16));
        assertThat(config.cluster().host()).isEqualTo(POD_ADDRESS);
        assertThat(config.cluster().file())
                .hasValueSatisfying(file ->
                        assertThat(Path.of("conf").resolve(file.getFileName())).exists());
    }

    @Test
    void itsPortsAreThoseOfTheHubInAllItsObjectsAndInTheImage() throws Exception {
        HubConfig config = config();
        int http = config.http().port();
        int membership = config.cluster().port();
        int bus = config.cluster().busPort();

        assertThat(container("ports", 0, "containerPort")).isEqualTo(http);
        Map.of("readinessProbe", "/readyz", "livenessProbe", "/healthz").forEach((probe, path) -> {
            assertThat(container(probe, "httpGet", "port")).isEqualTo(http);
            assertThat(container(probe, "httpGet", "path")).isEqualTo(path);
        });
        Object service = byKind.get("Service");
        assertThat(List.of(at(service, "spec", "ports", 0, "port"), at(service, "spec", "ports", 1, "port")))
                .containsExactly(membership, bus);
        Object policy = at(byKind.get("NetworkPolicy"), "spec", "ingress");
        assertThat(List.of(at(policy, 0, "ports", 0, "port"), at(policy, 0, "ports", 1, "port")))
                .containsExactly(membership, bus);
        assertThat(at(policy, 1, "ports", 0, "port")).isEqualTo(http);
        assertThat(dockerfile).contains("EXPOSE " + http + " " + config.tcp().port() + " " + membership + " " + bus);
    }

    @Test
    void itsObjectsNameEachOther() throws Exception {
        Object set = at(byKind.get("StatefulSet"), "spec");
        Object labels = at(set, "template", "metadata", "labels");
        String service = (String) at(byKind.get("Service"), "metadata", "name");

        assertThat(at(set, "selector", "matchLabels")).isEqualTo(labels);
        assertThat(at(byKind.get("Service"), "spec", "selector")).isEqualTo(labels);
        assertThat(at(byKind.get("NetworkPolicy"), "spec", "podSelector", "matchLabels"))
                .isEqualTo(labels);
        assertThat(at(set, "serviceName")).isEqualTo(service);
        assertThat(config().cluster().members()).containsExactly(service);
        assertThat(at(byKind.get("Service"), "spec", "clusterIP")).isEqualTo("None");
        assertThat(container("env").toString()).contains("name=" + at(byKind.get("Secret"), "metadata", "name"));
        assertThat(at(set, "template", "spec", "enableServiceLinks")).isEqualTo(false);
        assertThat(dockerfile).contains("docker build -t " + container("image"));
    }

    @Test
    void thePodIsDrainedBeforeItEndsAndHasTimeForThat() {
        List<?> command = (List<?>) container("lifecycle", "preStop", "exec", "command");
        Matcher loop = Pattern.compile("for i in \\$\\(seq (\\d+)\\); do termbus drain .*; sleep (\\d+); done")
                .matcher((String) command.get(2));
        int grace = (int) at(byKind.get("StatefulSet"), "spec", "template", "spec", "terminationGracePeriodSeconds");

        assertThat(loop.matches()).isTrue();
        // a second for each command, and what the hub takes to end its sessions
        assertThat(Integer.parseInt(loop.group(1)) * (Integer.parseInt(loop.group(2)) + 1) + 30)
                .isLessThanOrEqualTo(grace);
        assertThat(dockerfile).contains("/usr/local/bin/termbus");
    }

    @Test
    void itRunsAsTheUserOfTheImage() {
        assertThat(at(byKind.get("StatefulSet"), "spec", "template", "spec", "securityContext", "runAsNonRoot"))
                .isEqualTo(true);
        // by its number: the kubelet does not know what a name stands for
        assertThat(dockerfile).containsPattern("(?m)^USER \\d+$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.25", "1.30", "1.34", "1.37"})
    void everyFieldIsOneOfKubernetes(String version) throws Exception {
        Path manifest = Files.writeString(directory.resolve("manifest.yaml"), text);
        Programs.require("python3");
        assumeTrue(
                python("-c", "import kubernetes_validate").exit() == 0,
                "Python has no kubernetes-validate, which has the schemas");

        ToolRun right = python("-m", "kubernetes_validate", "--strict", "-k", version, manifest.toString());
        assertThat(right.exit()).as(right.output()).isZero();
        Files.writeString(manifest, text.replace("preStop", "preStopp"));
        ToolRun wrong = python("-m", "kubernetes_validate", "--strict", "-k", version, manifest.toString());
        assertThat(wrong.exit()).isNotZero();
        assertThat(wrong.output()).contains("preStopp");
    }

    private ToolRun python(String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        return ToolRun.of(directory, Map.of(), Duration.ofSeconds(20), command);
    }

    @Test
    void theImageHoldsWhatItsArgumentsName() throws Exception {
        String file = config().cluster().file().orElseThrow().toString();

        assertThat(file).endsWith("conf/cluster-kubernetes.xml");
        assertThat(dockerfile)
                .contains("COPY conf conf", "COPY target/termbus.jar termbus.jar")
                .contains("ENTRYPOINT [\"java\", \"-jar\", \"termbus.jar\"]");
    }
}
