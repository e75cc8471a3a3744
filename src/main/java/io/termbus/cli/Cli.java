package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.ExitSignals;
import io.termbus.cli.process.QuitSignal;
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
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands but {@code serve}. Reading the annotations of all takes a while, so a command is made when it is run. */
@Command(name = "termbus", synopsisSubcommandLabel = "COMMAND", description = "A terminal hub and its clients.")
public final class Cli {
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private static final String VERTX_LOGGING = "vertx.logger-delegate-factory-class-name";
    /** A word that may be a misspelt command; tokens are longer, or have digits. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z_-]{0,19}");

    private static final Set<String> PROGRAM_RUNNERS = Set.of("new", "run", "exec");

    private final CommandContext context;
    private final Supplier<CommandLine> serve;

    Cli(CommandContext context, Supplier<CommandLine> serve) {
        this.context = context;
        this.serve = serve;
    }

    /** @param serve makes the command that is not among these, for help and completion */
    public static Cli ofProcess(Supplier<CommandLine> serve) {
        ExitSignals.endProcess();
        QuitSignal.endsProcess();
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

    /** Returns whether there is such a command. */
    public static boolean has(String name) {
        return COMMANDS.containsKey(name);
    }

    /**
     * Returns the message for a first argument that is no command; empty where it does not look like a misspelt one, so
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

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("new", NewCommand::new);
        commands.put("attach", AttachCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("ls", ListCommand::new);
        commands.put("info", InfoCommand::new);
        commands.put("screen", ScreenCommand::new);
        commands.put("send", SendCommand::new);
        commands.put("keys", KeysCommand::new);
        commands.put("wait", WaitCommand::new);
        commands.put("exec", ExecCommand::new);
        commands.put("commands", CommandsCommand::new);
        commands.put("output", OutputCommand::new);
        commands.put("signal", SignalCommand::new);
        commands.put("resize", ResizeCommand::new);
        commands.put("rename", RenameCommand::new);
        commands.put("kill", KillCommand::new);
        commands.put("share", ShareCommand::new);
        commands.put("shares", SharesCommand::new);
        commands.put("revoke", RevokeCommand::new);
        commands.put("record", RecordCommand::new);
        commands.put("recordings", RecordingsCommand::new);
        commands.put("play", PlayCommand::new);
        commands.put("cast", CastCommand::new);
        commands.put("replay", ReplayCommand::new);
        commands.put("drain", DrainCommand::new);
        commands.put("upgrade", UpgradeCommand::new);
        commands.put("mcp", McpCommand::new);
        commands.put("watch-warnings", WatchWarningsCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("help", HelpCommand::new);
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
        ErrorReporter failures = new ErrorReporter(args[0]);
        String[] words;
        try {
            words = Arguments.utf8(args);
        } catch (CliException e) {
            return failures.tell(new PrintWriter(context.err(), true), String.valueOf(e.getMessage()), e.status());
        }
        CommandLine root = new CommandLine(this);
        root.addSubcommand(words[0], COMMANDS.get(words[0]).get());
        // The options of a program to run are its own.
        root.getSubcommands().get(words[0]).setStopAtPositional(PROGRAM_RUNNERS.contains(words[0]));
        try {
            return root.setExpandAtFiles(false)
                    .setOut(new PrintWriter(context.out(), true))
                    .setErr(new PrintWriter(context.err(), true))
                    .setParameterExceptionHandler(failures)
                    .setExecutionExceptionHandler(failures)
                    .execute(words);
        } catch (LinkageError e) {
            return failures.tell(root.getErr(), "a class is gone; was the jar replaced? " + e, Status.SOFTWARE);
        }
    }

    CommandContext context() {
        return context;
    }

    /** A command line of all commands. */
    CommandLine all() {
        CommandLine root = new CommandLine(this);
        root.addSubcommand("serve", serve.get());
        COMMANDS.forEach((name, maker) -> root.addSubcommand(name, maker.get()));
        return root;
    }
}
