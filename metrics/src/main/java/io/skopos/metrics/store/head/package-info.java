/**
 * Samples that are not in parts yet. A {@link io.skopos.metrics.store.head.DayHead} holds one
 * shard's series of one tenant and UTC day: a hash table from label bytes to series, a label index,
 * and per series a run of encoded samples that grows block by block in off-heap pages and is never
 * moved or sorted; a native histogram is a piece of its own that its sample refers to. One thread
 * writes; any number read beside it without locks, because a run is only ever extended and its
 * length is published last. A head is retained while a query or flush uses it, and its pages go
 * back to the {@link io.skopos.metrics.store.head.SlabPool} with the last one.
 */
@NullMarked
package io.skopos.metrics.store.head;

import org.jspecify.annotations.NullMarked;
