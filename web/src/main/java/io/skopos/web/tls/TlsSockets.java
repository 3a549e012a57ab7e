// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.tls;

import io.skopos.web.Reloadable;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS for a listener of plain TCP: it accepts connections as ever and hands each to {@link #serve}
 * before it reads. Give it to {@code WebServer.watch}, so that changed files are read again.
 * Thread-safe.
 */
public final class TlsSockets implements Reloadable {

  private final TlsConfig config;
  private volatile SSLContext context;

  /**
   * @throws IOException when a file cannot be read, naming it
   */
  public TlsSockets(TlsConfig config) throws IOException {
    this.config = config;
    this.context = read();
  }

  private SSLContext read() throws IOException {
    Path certificate = Path.of(config.certFile());
    try {
      SSLContext read = SSLContext.getInstance("TLS");
      read.init(
          PemFiles.keyManagers(
              PemFiles.certificates(certificate), PemFiles.privateKey(Path.of(config.keyFile()))),
          config.asksClients()
              ? PemFiles.trustManagers(PemFiles.certificates(Path.of(config.clientCaFile())))
              : null,
          null);
      return read;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * The encrypted view of an accepted connection; closing it waits within the read timeout for the
   * client to say goodbye and closes the connection (closing {@code accepted} does so at once). The
   * handshake runs with the first read or write, on the thread that makes it and within the
   * socket's read timeout, so set one.
   *
   * @throws IOException when the connection is broken; it is then still to be closed
   */
  public SSLSocket serve(Socket accepted) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (config.requiresClients()) {
      socket.setNeedClientAuth(true);
    } else if (config.asksClients()) {
      socket.setWantClientAuth(true);
    }
    return socket;
  }

  @Override
  public void reload() throws IOException {
    context = read();
  }

  @Override
  public Path[] files() {
    return CertificateFiles.files(config);
  }
}
