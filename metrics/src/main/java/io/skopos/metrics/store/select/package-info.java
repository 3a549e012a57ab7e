/**
 * Questions to heads and parts together. A {@link io.skopos.metrics.store.select.Snapshot} pins the
 * heads and parts of a tenant's range; what they hold of a selector becomes sources of series in
 * label order, and a selection merges the sources: by labels first, by time when a series is read.
 * A damaged part is left out and named in a warning. Nothing here writes.
 */
@NullMarked
package io.skopos.metrics.store.select;

import org.jspecify.annotations.NullMarked;
