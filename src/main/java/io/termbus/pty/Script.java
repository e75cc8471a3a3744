package io.termbus.pty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program file that no kernel starts: text without #! in front. execvp has a shell run it. */
final class Script {
    static final String SHELL = "/bin/sh";

    /** As much as bash looks at to tell a script from what is no text. */
    private static final int SAMPLE_BYTES = 80;

    private Script() {}

    /** Whether it is one, given that it is no program. That of another machine is none; execvp has the shell read that, too. */
    static boolean isText(Path file) throws IOException {
        for (byte each : sample(file)) {
            if (each == 0 || each == '\n') {
                return each == '\n';
            }
        }
        return true;
    }

    /** Whether it is one; text that begins with #! is not. */
    static boolean is(Path file) {
        try {
            byte[] sample = sample(file);
            return isText(file) && !(sample.length > 1 && sample[0] == '#' && sample[1] == '!');
        } catch (IOException e) {
            return false; // who may execute it may still not read it
        }
    }

    private static byte[] sample(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(SAMPLE_BYTES);
        }
    }

    /** What runs it. */
    static List<String> command(String file, List<String> command) {
        List<String> words = new ArrayList<>(List.of(SHELL, file));
        words.addAll(command.subList(1, command.size()));
        return words;
    }
}
