package io.termbus;

import io.termbus.app.ServeCommand;
import io.termbus.config.ConfigLoader;
import java.util.Arrays;

/** Where the process starts. */
public final class Main {
    private static final String SERVE = "serve";

    private Main() {}

    /** Runs {@code serve}, which may be left out, and exits with its status. */
    public static void main(String[] args) {
        boolean named = args.length > 0 && args[0].equals(SERVE);
        String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        System.exit(new ServeCommand(ConfigLoader.ofProcess()).commandLine().execute(options));
    }
}
