// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates and private keys out of PEM. Keys may be PKCS #8 or in the older forms of RSA (PKCS
 * #1) and EC (SEC 1), which are wrapped as PKCS #8 here because the JDK reads nothing else.
 */
final class PemText {

  private static final Logger log = LoggerFactory.getLogger(PemText.class);

  private static final byte[] RSA_ALGORITHM = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC_PUBLIC_KEY_OID = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private PemText() {}

  static Collection<? extends Certificate> certificates(String pem, String what)
      throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
    if (certificates.isEmpty()) {
      throw new IOException(what + " holds no certificate");
    }
    return certificates;
  }

  static PrivateKey privateKey(String pem, String what)
      throws GeneralSecurityException, IOException {
    byte[] plain = block(pem, "PRIVATE KEY");
    byte[] rsa = block(pem, "RSA PRIVATE KEY");
    byte[] ec = block(pem, "EC PRIVATE KEY");
    byte[] pkcs8 =
        plain != null
            ? plain
            : rsa != null
                ? wrap(RSA_ALGORITHM, rsa)
                : ec != null ? wrap(curve(ec, what), ec) : null;
    if (pkcs8 == null) {
      throw new IOException(
          what + " holds no private key that is not encrypted (BEGIN PRIVATE KEY)");
    }
    for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        log.debug("the key in {} is not of the kind {}", what, algorithm);
      }
    }
    throw new IOException("the key in " + what + " is neither EC, RSA nor EdDSA");
  }

  private static byte @Nullable [] block(String pem, String kind) throws IOException {
    String first = "-----BEGIN " + kind + "-----";
    int begin = pem.indexOf(first);
    int end = pem.indexOf("-----END " + kind + "-----");
    if (begin < 0 || end < begin) {
      return null;
    }
    try {
      return Base64.getMimeDecoder().decode(pem.substring(begin + first.length(), end));
    } catch (IllegalArgumentException e) {
      throw new IOException("a key is not valid PEM", e);
    }
  }

  /** RFC 5208: version 0, the algorithm, the key as octets. */
  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return der(0x30, new byte[] {0x02, 0x01, 0x00}, algorithm, der(0x04, key));
  }

  /** RFC 5915: the curve stands in the key under the tag [0]. */
  private static byte[] curve(byte[] key, String what) throws IOException {
    for (int at = 0; at + 3 < key.length; at++) {
      int length = key[at + 1];
      boolean tagged = key[at] == (byte) 0xa0 && length > 2 && at + 2 + length <= key.length;
      if (tagged && key[at + 2] == 0x06 && key[at + 3] == length - 2) {
        byte[] oid = Arrays.copyOfRange(key, at + 2, at + 2 + length);
        return der(0x30, EC_PUBLIC_KEY_OID, oid);
      }
    }
    throw new IOException("the EC key in " + what + " does not name its curve");
  }

  private static byte[] der(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }
}
