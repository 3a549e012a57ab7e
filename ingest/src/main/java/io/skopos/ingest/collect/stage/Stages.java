// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A job's stages, checked and compiled. Thread-safe.
 *
 * @param container how a container runtime wraps the lines, when that is the first stage
 * @param givesTime whether a stage sets the time of entries
 */
public record Stages(List<Stage.Factory> factories, Container container, boolean givesTime) {

  public static final Stages NONE = new Stages(List.of(), Container.NONE, false);

  /** How a container runtime wraps the lines of containers; taken off before the other stages. */
  public enum Container {
    NONE,
    DOCKER,
    CRI
  }

  public Stages {
    factories = List.copyOf(factories);
  }

  public boolean isEmpty() {
    return factories.isEmpty();
  }

  /**
   * A chain for one source.
   *
   * @param dropped takes the reason of each entry that a stage leaves out
   */
  public StageChain open(Consumer<Entry> end, Consumer<String> dropped) {
    List<Stage> stages = new ArrayList<>(factories.size());
    for (Stage.Factory factory : factories) {
      stages.add(factory.open());
    }
    return new StageChain(stages, end, dropped);
  }
}
