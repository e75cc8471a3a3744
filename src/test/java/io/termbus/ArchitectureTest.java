package io.termbus;

import static com.tngtech.archunit.base.DescribedPredicate.and;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages and what each may use, as {@code docs/architecture.md} has them. */
@AnalyzeClasses(packages = "io.termbus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule terminalStateIsPlainJava = classes()
            .that()
            .resideInAPackage("io.termbus.vt..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.termbus.vt..", "org.jspecify..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyPtyKnowsPty4j = noClasses()
            .that()
            .resideOutsideOfPackage("io.termbus.pty..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.pty4j..");

    /** Of the commands, SIGQUIT alone needs the C library. */
    @ArchTest
    static final ArchRule onlyPtyAndSignalsOfCommandsKnowJna = noClasses()
            .that()
            .resideOutsideOfPackages("io.termbus.pty..", "io.termbus.cli.process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule onlyClusterKnowsHazelcast = noClasses()
            .that()
            .resideOutsideOfPackage("io.termbus.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..");

    /** Who counts knows nothing of how it is told. */
    @ArchTest
    static final ArchRule onlyAppKnowsMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage("io.termbus.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..", "io.vertx.micrometer..");

    @ArchTest
    static final ArchRule metersArePlainJava = classes()
            .that()
            .resideInAPackage("io.termbus.metrics..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.termbus.metrics..", "org.jspecify..");

    @ArchTest
    static final ArchRule clusterUsesProtocolAndConfig =
            mayUse("io.termbus.cluster..", "io.termbus.protocol..", "io.termbus.config..");

    @ArchTest
    static final ArchRule configUsesSpelling = mayUse("io.termbus.config..", "io.termbus.spelling..");

    @ArchTest
    static final ArchRule spellingUsesNothingOfTheHub = mayUse("io.termbus.spelling..");

    @ArchTest
    static final ArchRule protocolUsesNothingOfTheHub = mayUse("io.termbus.protocol..");

    @ArchTest
    static final ArchRule ptyUsesConfig = mayUse("io.termbus.pty..", "io.termbus.config..");

    @ArchTest
    static final ArchRule flowUsesProtocolAndConfig = mayUse(
            "io.termbus.flow..",
            "io.termbus.metrics..",
            "io.termbus.protocol..",
            "io.termbus.config..",
            "io.termbus.record..");

    @ArchTest
    static final ArchRule recordingsUseTerminalState =
            mayUse("io.termbus.record..", "io.termbus.protocol..", "io.termbus.config..", "io.termbus.vt..");

    @ArchTest
    static final ArchRule castsUseNothingOfTheHub = mayUse("io.termbus.record.cast..");

    @ArchTest
    static final ArchRule whatDecidesForASessionKnowsNothingOfItsWiring = mayUse(
            "io.termbus.flow.output..",
            "io.termbus.metrics..",
            "io.termbus.protocol..",
            "io.termbus.config..",
            "io.termbus.record..");

    @ArchTest
    static final ArchRule edgesFeedOutput =
            mayUse("io.termbus.flow.edge..", "io.termbus.flow.output..", "io.termbus.protocol..");

    @ArchTest
    static final ArchRule sessionUsesPtyAndTerminalState = mayUse(
            "io.termbus.session..",
            "io.termbus.guard..",
            "io.termbus.loop..",
            "io.termbus.metrics..",
            "io.termbus.protocol..",
            "io.termbus.config..",
            "io.termbus.pty..",
            "io.termbus.vt..");

    @ArchTest
    static final ArchRule bridgesKnowNothingOfSessions = mayUse(
            "io.termbus.bridge..",
            "io.termbus.guard..",
            "io.termbus.loop..",
            "io.termbus.metrics..",
            "io.termbus.protocol..",
            "io.termbus.config..",
            "io.termbus.audit..",
            "io.termbus.record.cast..",
            "io.termbus.mcp..");

    @ArchTest
    static final ArchRule agentsSeeOperations = mayUse("io.termbus.mcp..", "io.termbus.protocol..");

    @ArchTest
    static final ArchRule guardsUseNothingOfTheHub = mayUse("io.termbus.guard..");

    @ArchTest
    static final ArchRule loopsUseNothingOfTheHub = mayUse("io.termbus.loop..");

    @ArchTest
    static final ArchRule auditUsesGuards = mayUse("io.termbus.audit..", "io.termbus.guard..");

    @ArchTest
    static final ArchRule authUsesConfigAndRoles =
            mayUse("io.termbus.auth..", "io.termbus.config..", "io.termbus.protocol..");

    @ArchTest
    static final ArchRule commandsUseProtocolAndParser = mayUse(
            "io.termbus.cli..",
            "io.termbus.protocol..",
            "io.termbus.spelling..",
            "io.termbus.vt.parser..",
            "io.termbus.record.cast..",
            "io.termbus.mcp..");

    @ArchTest
    static final ArchRule attachedTerminalsKnowNoCommands = mayUse(
            "io.termbus.cli.attach..",
            "io.termbus.cli.session..",
            "io.termbus.cli.hub..",
            "io.termbus.cli.terminal..",
            "io.termbus.cli.process..",
            "io.termbus.protocol..");

    @ArchTest
    static final ArchRule runsKnowNoCommands = mayUse(
            "io.termbus.cli.run..",
            "io.termbus.cli.session..",
            "io.termbus.cli.hub..",
            "io.termbus.cli.terminal..",
            "io.termbus.cli.process..",
            "io.termbus.protocol..");

    @ArchTest
    static final ArchRule sessionsOfAClientUseItsConnection = mayUse(
            "io.termbus.cli.session..", "io.termbus.cli.hub..", "io.termbus.cli.process..", "io.termbus.protocol..");

    @ArchTest
    static final ArchRule connectionsOfAClientKnowNoSessions =
            mayUse("io.termbus.cli.hub..", "io.termbus.cli.process..", "io.termbus.protocol..");

    @ArchTest
    static final ArchRule theUsersTerminalKnowsNoHub =
            mayUse("io.termbus.cli.terminal..", "io.termbus.cli.process..", "io.termbus.vt.parser..");

    @ArchTest
    static final ArchRule processesUseNothingOfTheHub = mayUse("io.termbus.cli.process..");

    /** So that a command starts fast. */
    @ArchTest
    static final ArchRule commandsUseOnlyTheJsonOfVertx = noClasses()
            .that()
            .resideInAnyPackage("io.termbus.cli..", "io.termbus.mcp..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx..").and(not(resideInAPackage("io.vertx.core.json"))));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.termbus.(*)..").should().beFreeOfCycles();

    private static ArchRule mayUse(String self, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = self;
        System.arraycopy(others, 0, allowed, 1, others.length);
        return noClasses()
                .that()
                .resideInAPackage(self)
                .should()
                .dependOnClassesThat(and(resideInAPackage("io.termbus.."), not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true);
    }
}
