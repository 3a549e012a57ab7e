// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.CallbackMetrics;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.objects.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of the bucket's parts on the local disk, up to a number of bytes; those least worth it go
 * first (Caffeine's W-TinyLFU). A block is fetched once however many want it, neighbours by one
 * request, several requests at a time. Blocks survive a restart; one that is damaged is fetched
 * again; when the disk takes none, blocks serve those who wait for them and are forgotten.
 * Thread-safe.
 */
public final class BlockCache implements AutoCloseable {

  /** Blocks are counted from the part's beginning; the last one is shorter. */
  public static final int BLOCK = 8 * BlockFile.CHUNK;

  private static final Logger LOG = LoggerFactory.getLogger(BlockCache.class);

  /** Most neighbours that are fetched by one request. */
  private static final int RUN = 4;

  /** Requests that may wait for a thread; beyond it readers fetch by themselves. */
  private static final int QUEUE = 4096;

  private static final int ATTEMPTS = 4;
  private static final long LOOK_MS = 20;

  private final Disk disk;
  private final Path root;
  private final long capacity;
  private final RemoteReads remote;
  private final BandwidthLimit background;
  private final AsyncCache<BlockKey, Block> blocks;
  private final ThreadPoolExecutor fetchers;
  private final Thread scan;
  private final AtomicLong nextFile = new AtomicLong();
  private final String firstFile;
  private volatile boolean closed;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder unwritten = new LongAdder();

  /**
   * @param bytes set when the file could not be written
   */
  private record Block(BlockFile file, byte @Nullable [] bytes) {}

  /**
   * Opens the directory, created when missing; what lies there is found by and by.
   *
   * @param capacity most bytes of files
   * @param concurrency most requests at a time
   * @param background bounds what is fetched for nobody's query, as for merges
   * @param startedMs tells this process' files from those of earlier ones
   */
  public BlockCache(
      Disk disk,
      Path root,
      long capacity,
      ObjectStore bucket,
      int concurrency,
      BandwidthLimit background,
      long startedMs,
      PrometheusRegistry registry)
      throws IOException {
    this.background = background;
    this.disk = disk;
    this.root = root;
    this.capacity = capacity;
    this.remote = new RemoteReads(bucket, registry);
    this.nextFile.set(startedMs << 20);
    this.firstFile = fileNumber();
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(capacity)
            .weigher((BlockKey key, Block block) -> block.file.bytes())
            .removalListener(this::removed)
            .executor(Runnable::run)
            .buildAsync();
    this.fetchers =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().name("skopos-fetch-", 0).daemon(true).factory(),
            (task, _) -> task.run());
    fetchers.allowCoreThreadTimeOut(true);
    register(registry);
    disk.createDirectories(root);
    scan = Thread.ofPlatform().name("skopos-cache-scan").daemon(true).start(this::scan);
  }

  /**
   * Fills the buffer with the part's bytes from {@code offset}; waits as long as the thread's query
   * wants to.
   *
   * @throws BucketUnavailable when a block is not here and cannot be fetched now
   */
  public void read(RemotePart part, long offset, ByteBuffer into) throws IOException {
    if (offset < 0 || offset + into.remaining() > part.length()) {
      throw new EOFException(
          "bytes up to "
              + (offset + into.remaining())
              + " of a part of "
              + part.length()
              + " in object "
              + part.key());
    }
    if (!into.hasRemaining()) {
      return;
    }
    ReadContext context = ReadContext.current();
    long end = offset + into.remaining();
    int first = (int) (offset / BLOCK);
    int last = (int) ((end - 1) / BLOCK);
    List<CompletableFuture<Block>> wanted = request(part, first, last, context);
    for (int number = first; number <= last; number++) {
      long blockStart = (long) number * BLOCK;
      int from = (int) (Math.max(offset, blockStart) - blockStart);
      int to = (int) (Math.min(end, blockStart + BLOCK) - blockStart);
      copy(part, number, wanted.get(number - first), from, to, into, context);
    }
  }

  /** Begins to fetch what of these bytes is not here, without waiting. */
  public void prefetch(RemotePart part, long offset, long length) {
    if (length > 0 && offset + length <= part.length() && fetchers.getQueue().size() < QUEUE / 2) {
      List<CompletableFuture<Block>> _ =
          request(
              part,
              (int) (offset / BLOCK),
              (int) ((offset + length - 1) / BLOCK),
              ReadContext.current());
    }
  }

  /** Keeps a block that is at hand anyway. */
  public void offer(RemotePart part, int number, byte[] bytes, int from, int length) {
    BlockKey key = BlockKey.of(part.key(), part.offset(), number);
    CompletableFuture<Block> mine = new CompletableFuture<>();
    if (blocks.asMap().putIfAbsent(key, mine) == null) {
      complete(key, mine, bytes, from, length);
    }
  }

  private void copy(
      RemotePart part,
      int number,
      CompletableFuture<Block> requested,
      int from,
      int to,
      ByteBuffer into,
      @Nullable ReadContext context)
      throws IOException {
    CompletableFuture<Block> wanted = requested;
    int start = into.position();
    int limit = into.limit();
    for (int attempt = 1; ; attempt++) {
      Block block = await(wanted, context);
      into.position(start).limit(start + to - from);
      if (copy(block, from, to, into)) {
        into.limit(limit);
        return;
      }
      into.position(start).limit(limit);
      if (attempt == ATTEMPTS) {
        throw new IOException(
            "block "
                + number
                + " of the part at "
                + part.offset()
                + " of object "
                + part.key()
                + " was unreadable in the local cache "
                + ATTEMPTS
                + " times");
      }
      boolean _ = blocks.asMap().remove(block.file.key(), wanted);
      wanted = request(part, number, number, context).getFirst();
    }
  }

  /** False when the block is no longer there, or damaged. */
  private boolean copy(Block block, int from, int to, ByteBuffer into) {
    if (block.bytes != null) {
      into.put(block.bytes, from, to - from);
      return true;
    }
    try {
      if (block.file.read(disk, from, into)) {
        return true;
      }
      damaged.increment();
      LOG.warn("a cached block was damaged and is fetched again: {}", block.file.path());
    } catch (NoSuchFileException e) {
      // Evicted a moment ago.
    } catch (IOException e) {
      damaged.increment();
      LOG.warn("a cached block cannot be read and is fetched again: {}", block.file.path(), e);
    }
    return false;
  }

  /** One future per block; those that nobody has asked for yet are on their way. */
  private List<CompletableFuture<Block>> request(
      RemotePart part, int first, int last, @Nullable ReadContext context) {
    if (context != null) {
      context.checkRunning();
    } else {
      // Before others may find that these blocks are on their way.
      background.take(missing(part, first, last));
    }
    List<CompletableFuture<Block>> all = new ArrayList<>(last - first + 1);
    List<CompletableFuture<Block>> run = new ArrayList<>();
    int runFirst = first;
    for (int number = first; number <= last; number++) {
      CompletableFuture<Block> mine = new CompletableFuture<>();
      CompletableFuture<Block> present =
          blocks.asMap().putIfAbsent(BlockKey.of(part.key(), part.offset(), number), mine);
      if (present == null) {
        misses.increment();
        if (run.isEmpty()) {
          runFirst = number;
        }
        run.add(mine);
      } else {
        hits.increment();
        if (context != null) {
          context.blockHit();
        }
      }
      all.add(present == null ? mine : present);
      if (!run.isEmpty() && (present != null || run.size() == RUN)) {
        submit(part, runFirst, run, context);
        run = new ArrayList<>();
      }
    }
    if (!run.isEmpty()) {
      submit(part, runFirst, run, context);
    }
    return all;
  }

  private long missing(RemotePart part, int first, int last) {
    long bytes = 0;
    for (int number = first; number <= last; number++) {
      if (!blocks.asMap().containsKey(BlockKey.of(part.key(), part.offset(), number))) {
        bytes += Math.min(BLOCK, part.length() - (long) number * BLOCK);
      }
    }
    return bytes;
  }

  private void submit(
      RemotePart part,
      int first,
      List<CompletableFuture<Block>> run,
      @Nullable ReadContext context) {
    if (context != null) {
      long start = (long) first * BLOCK;
      context.fetching(Math.min((long) run.size() * BLOCK, part.length() - start));
    }
    Runnable fetch = () -> fetch(part, first, run, context);
    if (closed) {
      fetch.run();
    } else {
      fetchers.execute(fetch);
    }
  }

  private void fetch(
      RemotePart part,
      int first,
      List<CompletableFuture<Block>> run,
      @Nullable ReadContext context) {
    try {
      if (closed) {
        throw new IOException("the server is stopping");
      }
      long start = (long) first * BLOCK;
      int length = (int) Math.min((long) run.size() * BLOCK, part.length() - start);
      byte[] bytes = new byte[length];
      remote.read(part.key(), part.offset() + start, ByteBuffer.wrap(bytes));
      if (context != null) {
        context.fetched(length);
      }
      for (int i = 0; i < run.size(); i++) {
        int from = i * BLOCK;
        complete(
            BlockKey.of(part.key(), part.offset(), first + i),
            run.get(i),
            bytes,
            from,
            Math.min(BLOCK, length - from));
      }
    } catch (IOException | RuntimeException | Error e) {
      // The cache forgets them. It would log any other kind of exception, block by block.
      CancellationException failure = new CancellationException();
      failure.initCause(e);
      run.forEach(each -> each.completeExceptionally(failure));
    }
  }

  private void complete(
      BlockKey key, CompletableFuture<Block> future, byte[] bytes, int from, int length) {
    BlockFile file =
        new BlockFile(
            key, root.resolve(key.folder()).resolve(key.name() + "." + fileNumber()), length);
    try {
      disk.createDirectories(root.resolve(key.folder()));
      file.write(disk, bytes, from);
      future.complete(new Block(file, null));
    } catch (IOException e) {
      unwritten.increment();
      LOG.debug("a block cannot be kept in the cache", e);
      byte[] own = new byte[length];
      System.arraycopy(bytes, from, own, 0, length);
      future.complete(new Block(file, own));
      boolean _ = blocks.asMap().remove(key, future);
    }
  }

  /** Ascending as text, too. */
  private String fileNumber() {
    return HexFormat.of().toHexDigits(nextFile.getAndIncrement());
  }

  private void removed(@Nullable BlockKey key, @Nullable Block block, RemovalCause cause) {
    if (block == null) {
      return;
    }
    if (cause == RemovalCause.SIZE) {
      evictions.increment();
    }
    delete(block.file.path());
  }

  private void delete(Path file) {
    try {
      boolean _ = disk.delete(file);
    } catch (IOException e) {
      LOG.warn("a block of the cache could not be removed: {}", file, e);
    }
  }

  private static Block await(CompletableFuture<Block> wanted, @Nullable ReadContext context)
      throws IOException {
    while (true) {
      try {
        return wanted.get(LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (context != null) {
          context.checkRunning();
        }
      } catch (CancellationException e) {
        // A new one for each reader: the first has its own stack.
        switch (causeOf(e)) {
          case BucketUnavailable away ->
              throw new BucketUnavailable(String.valueOf(away.getMessage()), away);
          case IOException failure -> throw failure;
          case RuntimeException failure -> throw failure;
          case Error failure -> throw failure;
          case null, default -> throw new IOException(e);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("fetches fail by being cancelled", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted =
            new InterruptedIOException("interrupted while a block was fetched");
        interrupted.initCause(e);
        throw interrupted;
      }
    }
  }

  /** The future wraps what it was completed with in one of its own. */
  private static @Nullable Throwable causeOf(CancellationException e) {
    Throwable cause = e.getCause();
    while (cause instanceof CancellationException) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What earlier processes left. */
  private void scan() {
    int found = 0;
    try {
      for (String folder : disk.list(root)) {
        for (String name : disk.list(root.resolve(folder))) {
          if (closed) {
            return;
          }
          found += addFound(root.resolve(folder).resolve(name), name) ? 1 : 0;
        }
      }
      LOG.info("{} blocks of the bucket are in the local cache", found);
    } catch (IOException e) {
      LOG.warn("the local cache of the bucket cannot be looked through", e);
    }
  }

  private boolean addFound(Path path, String name) throws IOException {
    int dot = name.indexOf('.');
    BlockKey key = dot < 0 ? null : BlockKey.parse(name.substring(0, dot));
    if (key != null && name.substring(dot + 1).compareTo(firstFile) >= 0) {
      return false; // written by this process
    }
    try {
      long length = key == null ? -1 : disk.size(path) - BlockFile.HEADER;
      if (key != null && length > 0 && length <= BLOCK) {
        Block block = new Block(new BlockFile(key, path, (int) length), null);
        if (blocks.asMap().putIfAbsent(key, CompletableFuture.completedFuture(block)) == null) {
          return true;
        }
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    delete(path);
    return false;
  }

  private void register(PrometheusRegistry registry) {
    counter(registry, "hits", "Blocks of the bucket found in the local cache.", hits);
    counter(registry, "misses", "Blocks that had to be fetched from the bucket.", misses);
    counter(registry, "evictions", "Blocks that made room for others.", evictions);
    counter(registry, "damaged", "Cached blocks that were damaged and fetched again.", damaged);
    counter(registry, "unwritten", "Blocks the local disk did not take.", unwritten);
    gauge(registry, "bytes", "Bytes of the local cache's files.", this::bytes);
    gauge(registry, "capacity_bytes", "Most bytes the local cache may take.", () -> capacity);
    gauge(registry, "waiting", "Fetches waiting for a thread; bounded.", this::waiting);
  }

  private long bytes() {
    return blocks.synchronous().policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  private long waiting() {
    return fetchers.getQueue().size();
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, LongAdder adder) {
    CallbackMetrics.counter(
        registry, "skopos_storage_block_cache_" + name + "_total", help, adder::sum);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, LongSupplier value) {
    CallbackMetrics.gauge(registry, "skopos_storage_block_cache_" + name, help, value::getAsLong);
  }

  /** Fetches under way are broken off; files stay for the next process. */
  @Override
  public void close() {
    closed = true;
    // Those still queued find it closed and say so to whoever waits.
    fetchers.shutdownNow().forEach(Runnable::run);
    boolean interrupted = false;
    while (scan.isAlive()) {
      try {
        scan.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
