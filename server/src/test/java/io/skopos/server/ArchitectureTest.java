// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The floors of docs/architecture.md, held by the build. */
class ArchitectureTest {

  /**
   * Rooms and their floors, times ten; a room uses only rooms of lower floors, so none of its own.
   * The room {@code serving} stands on the ground's other rooms.
   */
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("model", 10),
          Map.entry("storage", 20),
          Map.entry("engine", 20),
          Map.entry("web", 20),
          Map.entry("serving", 25),
          Map.entry("metrics", 30),
          Map.entry("logs", 30),
          Map.entry("events", 30),
          Map.entry("buckets", 30),
          Map.entry("ingest", 40),
          Map.entry("server", 60));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.skopos");

  @Test
  void aRoomUsesOnlyRoomsOfLowerFloors() {
    FLOORS.forEach((room, floor) -> {
      String[] forbidden =
          FLOORS.entrySet().stream()
              .filter(other -> other.getValue() >= floor && !other.getKey().equals(room))
              .map(other -> "io.skopos." + other.getKey() + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.skopos." + room + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden)
          .allowEmptyShould(true)
          .check(CLASSES);
    });
  }

  @Test
  void everyRoomHasAFloor() {
    List<String> rooms = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      String[] names = type.getPackageName().split("\\.");
      if (names.length > 2 && !rooms.contains(names[2])) {
        rooms.add(names[2]);
      }
    }
    rooms.remove("testkit");
    assertThat(FLOORS.keySet()).containsAll(rooms);
  }

  @Test
  void theModelUsesNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.skopos.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.skopos.model..", "java..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void filesAreTouchedOnlyThroughTheDisk() {
    noClasses()
        .that()
        .resideInAPackage("io.skopos.storage..")
        .and()
        .resideOutsideOfPackages("io.skopos.storage.disk..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.FileChannel|java\\.io\\.File.*")
        .because("tests put a failing disk below storage.disk.Disk")
        .check(CLASSES);
  }

  @Test
  void onlyTheServerKnowsTheBuckets() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.skopos.buckets..", "io.skopos.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.skopos.buckets..", "software.amazon..")
        .because("the providers' clients stay out of all other rooms")
        .check(CLASSES);
  }

  @Test
  void aWingsLanguageKnowsNothingOfItsEndpoints() {
    noClasses()
        .that()
        .resideInAnyPackage("io.skopos.metrics.store..", "io.skopos.metrics.language..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.skopos.metrics.api..", "io.skopos.web..")
        .check(CLASSES);
  }

  @Test
  void theStoreKnowsNothingOfTheLanguage() {
    noClasses()
        .that()
        .resideInAPackage("io.skopos.metrics.store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.skopos.metrics.language..")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasADoorPlateAndIsNullMarked() {
    List<String> bare = new ArrayList<>();
    collectBare(CLASSES.getPackage("io.skopos"), bare);
    assertThat(bare).as("packages without a null-marked package-info").isEmpty();
  }

  private static void collectBare(JavaPackage start, List<String> bare) {
    if (!start.getClasses().isEmpty() && !start.isAnnotatedWith(NullMarked.class)) {
      bare.add(start.getName());
    }
    start.getSubpackages().forEach(inner -> collectBare(inner, bare));
  }
}
