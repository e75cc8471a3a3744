package io.termbus.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a hub is run as a process of the JVM.
 *
 * @param java path of the executable
 * @param arguments all of them, as bytes in ISO 8859-1, with the program's name
 * @param environment {@code name=value} each, the same
 */
record Program(String java, List<String> arguments, List<String> environment) {
    private static final String RESUME = "--resume-fd";
    private static final String JAR = "-jar";
    /**
     * Which signal HotSpot suspends threads by: USR2 unless told otherwise, and one that comes from elsewhere ends the JVM. By
     * that (the last but two that Linux has) a signal for the hub is ignored until the new program takes it.
     */
    private static final String SUSPENDING = "_JAVA_SR_SIGNUM=";

    private static final int SUSPENDING_SIGNAL = 62;
    private static final Path SELF = Path.of("/proc/self");
    /** What Linux puts behind the path of an executable that is no longer there. */
    private static final String GONE = " (deleted)";

    /** This one. Linux. */
    static Program ofProcess() throws IOException {
        return new Program(
                Files.readSymbolicLink(SELF.resolve("exe")).toString().replace(GONE, ""),
                strings(Files.readAllBytes(SELF.resolve("cmdline"))),
                strings(Files.readAllBytes(SELF.resolve("environ"))));
    }

    static List<String> strings(byte[] endedByNul) {
        List<String> strings = new ArrayList<>();
        ByteArrayOutputStream string = new ByteArrayOutputStream();
        for (byte each : endedByNul) {
            if (each == 0) {
                strings.add(string.toString(StandardCharsets.ISO_8859_1));
                string.reset();
            } else {
                string.write(each);
            }
        }
        return strings;
    }

    /** The jar that it runs; empty: it runs classes. */
    Optional<Path> jar() {
        int at = arguments.indexOf(JAR);
        return at < 0 ? Optional.empty() : Optional.of(Path.of(decoded(arguments.get(at + 1))));
    }

    /** The same with another jar, in place of the one that it runs. */
    Program withJar(Path jar) {
        List<String> changed = new ArrayList<>(arguments);
        changed.set(
                changed.indexOf(JAR) + 1,
                new String(jar.toString().getBytes(Charset.defaultCharset()), StandardCharsets.ISO_8859_1));
        return new Program(java, changed, environment);
    }

    /** The same, which goes on with what is in that descriptor. */
    Program resuming(int fd) {
        List<String> changed = plain();
        changed.add(RESUME);
        changed.add(String.valueOf(fd));
        List<String> variables = new ArrayList<>(environment);
        variables.removeIf(each -> each.startsWith(SUSPENDING));
        variables.add(SUSPENDING + SUSPENDING_SIGNAL);
        return new Program(java, changed, variables);
    }

    private List<String> plain() {
        List<String> plain = new ArrayList<>(arguments);
        int before = plain.lastIndexOf(RESUME);
        if (before > 0) {
            plain.subList(before, before + 2).clear();
        }
        return plain;
    }

    /** The command that tries whether it could go on, and leaves nothing behind. */
    List<String> checking() {
        Predicate<String> leavesSomething =
                each -> each.startsWith("-XX:ArchiveClassesAtExit") || each.startsWith("-agentlib:jdwp");
        List<String> command = new ArrayList<>(plain().stream()
                .filter(leavesSomething.negate())
                .map(Program::decoded)
                .toList());
        command.set(0, java);
        command.add(1, "-XX:TieredStopAtLevel=1");
        command.add("--check-resume");
        return command;
    }

    private static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), Charset.defaultCharset());
    }

    static List<byte[]> bytes(List<String> strings) {
        return strings.stream()
                .map(each -> each.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }
}
