package io.termbus.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program says of the hub that is part of it. Immutable.
 *
 * @param addressPrefix of the hub on the program's event bus
 * @param listensTcp whether {@code tcp.port} is given: a hub that is part of a program listens where it is told to alone
 * @param listensHttp the same for {@code http.port}
 * @param warnings what is allowed and yet hardly meant, one line each, without secrets
 */
public record EmbeddedConfig(
        HubConfig config, String addressPrefix, boolean listensTcp, boolean listensHttp, List<String> warnings) {
    private static final String TCP_PORT = "tcp.port";
    private static final String TCP_SOCKET = "tcp.socket";
    private static final String HTTP_PORT = "http.port";
    private static final String FOR_PROCESS = ": allowed is nothing, it is for a hub that has the process for itself";

    /**
     * @param options keys and values as in the YAML of a hub that has the process for itself, and {@code addressPrefix}
     * @throws ConfigException with every problem
     */
    public static EmbeddedConfig of(JsonObject options) throws ConfigException {
        Problems problems = new Problems();
        Values values = new Values(Path.of(System.getProperty("user.home")), problems);
        Settings.ALL.forEach(setting -> values.put(Given.byDefault(setting)));
        values.put(Given.byDefault(OptionsSource.ADDRESS_PREFIX));
        List<Given> given = OptionsSource.read(options, problems);
        given.forEach(values::put);
        if (isGiven(TCP_SOCKET, given) && !isGiven(TCP_PORT, given)) {
            problems.add(TCP_SOCKET + " (" + OptionsSource.SOURCE + "): allowed is together with " + TCP_PORT);
        }
        given.stream().filter(EmbeddedConfig::isOfProcess).forEach(each -> problems.add(each + FOR_PROCESS));
        CrossRules.check(values, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.list());
        }
        return new EmbeddedConfig(
                HubConfig.of(values),
                values.find(OptionsSource.ADDRESS_PREFIX).orElse(OptionsSource.ADDRESS_PREFIX.defaultText()),
                isGiven(TCP_PORT, given),
                isGiven(HTTP_PORT, given),
                CrossRules.warnings(values));
    }

    /** The log, the umask and the membership of a cluster are the program's. */
    private static boolean isOfProcess(Given given) {
        String key = given.setting().key();
        return key.startsWith("cluster.") || key.equals("audit.file") || key.equals("session.umask");
    }

    private static boolean isGiven(String key, List<Given> given) {
        return given.stream().anyMatch(each -> each.setting().key().equals(key));
    }
}
