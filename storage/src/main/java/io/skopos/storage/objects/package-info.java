/**
 * Named, immutable sequences of bytes: parts, manifests, documents. {@link
 * io.skopos.storage.objects.ObjectStore} is the seam, shaped so that a directory and an S3 bucket
 * can both stand behind it; {@link io.skopos.storage.objects.DirectoryObjectStore} is the
 * directory.
 *
 * <p>Nothing here knows what the bytes mean.
 */
@NullMarked
package io.skopos.storage.objects;

import org.jspecify.annotations.NullMarked;
