// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names a certificate gives its holder. */
final class CertificateNames {

  /** Kinds of subject alternative names (RFC 5280): mail addresses and host names. */
  private static final List<Integer> KINDS = List.of(1, 2);

  private CertificateNames() {}

  /** Alternative names first, then the subject's common name. */
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0) instanceof Integer kind
              && KINDS.contains(kind)
              && alternative.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
          names.add(name);
        }
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      // Verified by its authority, but its names cannot be read: it has none for us.
      return List.of();
    }
    return names;
  }
}
