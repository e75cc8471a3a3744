package io.termbus;

import io.termbus.app.ServeCommand;
import io.termbus.cli.Cli;
import io.termbus.config.ConfigLoader;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;

/** Where the process starts. */
public final class Main {
    private static final String SERVE = "serve";
    /** Of {@code sysexits.h}, as all commands have it. */
    private static final int USAGE = 64;

    private Main() {}

    /** Runs the command that the first argument names, {@code serve} where it names none; exits with its status. */
    public static void main(String[] args) {
        if (args.length > 0 && Cli.has(args[0])) {
            System.exit(Cli.ofProcess(Main::serve).run(args));
        }
        Optional<String> misspelt = args.length > 0 && !args[0].equals(SERVE) ? Cli.unknown(args[0]) : Optional.empty();
        if (misspelt.isPresent()) {
            System.err.println("termbus: " + misspelt.get());
            System.exit(USAGE);
        }
        boolean named = args.length > 0 && args[0].equals(SERVE);
        String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        System.exit(serve().execute(options));
    }

    private static CommandLine serve() {
        return new ServeCommand(ConfigLoader.ofProcess()).commandLine();
    }
}
