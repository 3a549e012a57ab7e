/**
 * A disk in memory that behaves as badly as a real one is allowed to: it forgets what was not
 * synced, fails, fills up and flips bits, all by seed. {@link io.skopos.testkit.disk.DiskContract}
 * holds it and the real disk to the same rules.
 */
@NullMarked
package io.skopos.testkit.disk;

import org.jspecify.annotations.NullMarked;
