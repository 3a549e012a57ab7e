/**
 * Contract-test kits of the ground's seams: whatever stands behind {@link
 * io.skopos.storage.objects.ObjectStore}, {@link io.skopos.storage.part.Parts} or another seam
 * subclasses its kit and is held to it.
 */
@NullMarked
package io.skopos.testkit.storage;

import org.jspecify.annotations.NullMarked;
