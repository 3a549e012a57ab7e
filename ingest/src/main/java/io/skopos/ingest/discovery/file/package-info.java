/**
 * Targets in files ({@code file_sd_configs}): {@link io.skopos.ingest.discovery.file.FileTargets}
 * reads target groups and keeps the last good ones, {@link io.skopos.ingest.watch.DirectoryWatch}
 * says when to read again.
 */
@NullMarked
package io.skopos.ingest.discovery.file;

import org.jspecify.annotations.NullMarked;
