/**
 * What was found damaged and is now missing from answers: segments of the log, parts, manifests.
 * Whoever meets damage reports it here once and goes on without it; the status endpoint shows the
 * list.
 */
@NullMarked
package io.skopos.storage.damage;

import org.jspecify.annotations.NullMarked;
