package io.termbus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What programs that a hub is part of may rely on: the package {@code io.termbus}, as {@code api.txt} has it. */
@AnalyzeClasses(packages = "io.termbus", importOptions = ImportOption.DoNotIncludeTests.class)
class ApiTest {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    @ArchTest
    static final ArchRule nothingBelowKnowsOfPrograms = noClasses()
            .that()
            .resideInAPackage("io.termbus.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.termbus");

    /** Who changes it on purpose changes the file, and says so in CHANGELOG.md. */
    @ArchTest
    static void isWhatTheFileSays(JavaClasses all) throws IOException {
        List<String> api = classes(all).flatMap(ApiTest::lines).toList();
        try (InputStream in = Objects.requireNonNull(ApiTest.class.getResourceAsStream("api.txt"))) {
            String expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(api).isEqualTo(expected.lines().toList());
        }
    }

    @ArchTest
    static void namesNothingInternal(JavaClasses all) {
        List<String> internal = classes(all)
                .flatMap(each -> each.getCodeUnits().stream())
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(each -> types(each)
                        .anyMatch(type -> type.startsWith("io.termbus.") && !type.matches("io\\.termbus\\.[A-Z].*")))
                .map(JavaCodeUnit::getFullName)
                .toList();
        assertThat(internal).isEmpty();
    }

    private static Stream<String> types(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getName);
    }

    private static Stream<JavaClass> classes(JavaClasses all) {
        return all.stream()
                .filter(each -> each.getPackageName().equals("io.termbus"))
                .filter(ApiTest::isPublic)
                .sorted((a, b) -> a.getName().compareTo(b.getName()));
    }

    /** What is in a package-private class is not, whatever it says. */
    private static boolean isPublic(JavaClass it) {
        return it.getModifiers().contains(JavaModifier.PUBLIC)
                && it.getEnclosingClass().map(ApiTest::isPublic).orElse(true);
    }

    private static Stream<String> lines(JavaClass it) {
        Class<?> type = it.reflect();
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(ApiTest::isApi)
                .map(Constructor::toGenericString);
        Stream<String> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> isApi(each) && !OF_EVERY_OBJECT.contains(each.getName()) && !each.isBridge())
                .map(Method::toGenericString);
        return Stream.concat(
                Stream.of(type.toGenericString()),
                Stream.concat(constructors, methods).sorted().map(line -> "    " + line));
    }

    private static boolean isApi(Member it) {
        return Modifier.isPublic(it.getModifiers()) && !it.isSynthetic();
    }
}
