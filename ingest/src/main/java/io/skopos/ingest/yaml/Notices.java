// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.yaml;

import java.util.ArrayList;
import java.util.List;

/** What a configuration asks for and does not get, collected while it is read. */
public final class Notices {

  private final List<String> notices = new ArrayList<>();

  void notBuiltYet(YamlValue value) {
    notices.add(value.error("not built yet: this setting is ignored").getMessage());
  }

  public List<String> list() {
    return List.copyOf(notices);
  }
}
