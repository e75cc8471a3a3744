package io.termbus.cli;

import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.Status;
import io.termbus.cli.terminal.StandardInput;
import io.termbus.spelling.Spelling;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The commands but {@code serve}. Reading the annotations of all takes a while, so a command is made when it is run. */
public final class Cli {
    private static final Map<String, Function<Cli, Object>> COMMANDS = commands();

    private static final String VERTX_LOGGING = "vertx.logger-delegate-factory-class-name";
    /** What somebody may have meant as a command; tokens are longer, or have digits. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z_-]{0,19}");

    private static final Set<String> PROGRAM_RUNNERS = Set.of("new", "run");

    private final CommandContext context;
    private final Supplier<CommandLine> serve;

    Cli(CommandContext context, Supplier<CommandLine> serve) {
        this.context = context;
        this.serve = serve;
    }

    /** @param serve makes the command that is not among these, for help and completion */
    public static Cli ofProcess(Supplier<CommandLine> serve) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Cli(
                new CommandContext(
                        System.getenv(),
                        Path.of("").toAbsolutePath(),
                        StandardInput.open(),
                        new FileOutputStream(FileDescriptor.out),
                        err),
                serve);
    }

    /** Whether there is such a command. */
    public static boolean has(String name) {
        return COMMANDS.containsKey(name);
    }

    /**
     * What to say of a first argument that is no command; empty where it does not look like one that was misspelt, so
     * that no secret is repeated.
     */
    public static Optional<String> unknown(String name) {
        return WORD.matcher(name).matches() ? Optional.of(noCommand(name)) : Optional.empty();
    }

    static String noCommand(String name) {
        List<String> all =
                Stream.concat(COMMANDS.keySet().stream(), Stream.of("serve")).toList();
        return "no command '" + name + "'"
                + Spelling.nearest(name, all)
                        .map(near -> ", the nearest is '" + near + "'")
                        .orElse("")
                + "; 'help' shows them";
    }

    private static Map<String, Function<Cli, Object>> commands() {
        Map<String, Function<Cli, Object>> commands = new LinkedHashMap<>();
        commands.put("new", cli -> new NewCommand(cli.context));
        commands.put("attach", cli -> new AttachCommand(cli.context));
        commands.put("run", cli -> new RunCommand(cli.context));
        commands.put("ls", cli -> new ListCommand(cli.context));
        commands.put("info", cli -> new InfoCommand(cli.context));
        commands.put("screen", cli -> new ScreenCommand(cli.context));
        commands.put("send", cli -> new SendCommand(cli.context));
        commands.put("signal", cli -> new SignalCommand(cli.context));
        commands.put("resize", cli -> new ResizeCommand(cli.context));
        commands.put("rename", cli -> new RenameCommand(cli.context));
        commands.put("kill", cli -> new KillCommand(cli.context));
        commands.put("share", cli -> new ShareCommand(cli.context));
        commands.put("shares", cli -> new SharesCommand(cli.context));
        commands.put("revoke", cli -> new RevokeCommand(cli.context));
        commands.put("watch-warnings", cli -> new WatchWarningsCommand(cli.context));
        commands.put("completion", cli -> new CompletionCommand(cli));
        commands.put("help", cli -> new HelpCommand(cli));
        return commands;
    }

    /**
     * Runs a command.
     *
     * @param args the command's name and its arguments
     * @return the status to exit with
     */
    public int run(String[] args) {
        // Vert.x' JSON asks for a logger; Logback would take longer to start than the command to run.
        System.setProperty(VERTX_LOGGING, "io.vertx.core.logging.JULLogDelegateFactory");
        String[] words = Arguments.utf8(args);
        CommandLine root = root();
        root.addSubcommand(words[0], COMMANDS.get(words[0]).apply(this));
        // The options of a program to run are its own.
        root.getSubcommands().get(words[0]).setStopAtPositional(PROGRAM_RUNNERS.contains(words[0]));
        ErrorReporter failures = ErrorReporter.of(words[0]);
        try {
            return configured(root, failures).execute(words);
        } catch (LinkageError e) {
            return failures.tell(root.getErr(), "a class is gone; was the jar replaced? " + e, Status.SOFTWARE);
        }
    }

    CommandContext context() {
        return context;
    }

    /** A command line of all commands. */
    CommandLine all() {
        CommandLine root = root();
        root.addSubcommand("serve", serve.get());
        COMMANDS.forEach((name, maker) -> root.addSubcommand(name, maker.apply(this)));
        return root;
    }

    private static CommandLine root() {
        return new CommandLine(new Root());
    }

    private CommandLine configured(CommandLine line, ErrorReporter failures) {
        return line.setExpandAtFiles(false)
                .setOut(new PrintWriter(context.out(), true))
                .setErr(new PrintWriter(context.err(), true))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    @Command(name = "termbus", synopsisSubcommandLabel = "COMMAND", description = "A terminal hub and its clients.")
    private static final class Root implements Runnable {
        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }
}
