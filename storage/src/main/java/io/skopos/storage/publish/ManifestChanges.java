// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.publish;

import io.skopos.storage.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/** Is told of each change of a manifest after it is durable; quick and thread-safe. */
@FunctionalInterface
public interface ManifestChanges {

  void changed(TenantDay day, @Nullable Manifest before, @Nullable Manifest after);
}
