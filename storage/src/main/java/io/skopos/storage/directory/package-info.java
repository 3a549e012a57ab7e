/**
 * The data directory as a whole: who owns it, which format it has, how its rows are sharded
 * (docs/formats/data-directory.md). {@link io.skopos.storage.directory.DataDirectory#open} is the
 * first thing a server does with its data and the last it lets go of.
 */
@NullMarked
package io.skopos.storage.directory;

import org.jspecify.annotations.NullMarked;
