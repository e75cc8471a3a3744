package io.termbus.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The arguments as they were given: in a locale such as C, which build machines have, Java reads ASCII only. */
final class Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /** The same arguments, read as UTF-8 where the system tells them. */
    static String[] utf8(String[] args) {
        if (Arrays.stream(args).allMatch(each -> each.chars().allMatch(c -> c < 128))) {
            return args;
        }
        try {
            String line = new String(Files.readAllBytes(COMMAND_LINE), StandardCharsets.UTF_8);
            String[] all = line.split("\0", -1);
            int end = all.length - 1;
            return end < args.length ? args : Arrays.copyOfRange(all, end - args.length, end);
        } catch (IOException e) {
            return args;
        }
    }
}
