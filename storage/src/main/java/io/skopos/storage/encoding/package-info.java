/**
 * Small building blocks of the file formats: bounded reading and writing of integers and strings,
 * and the checksummed envelope around small documents (docs/formats/envelope.md). Little-endian
 * throughout. Not for hot paths.
 */
@NullMarked
package io.skopos.storage.encoding;

import org.jspecify.annotations.NullMarked;
