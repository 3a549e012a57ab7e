// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.rest;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The texts of some elements of a small document, in its order. */
public final class XmlElements {

  private static final XMLInputFactory FACTORY = factory();

  private XmlElements() {}

  /** One element's name and text. */
  public record Element(String name, String text) {}

  /** Those of these names; empty when the document cannot be read. */
  public static List<Element> read(byte[] document, Set<String> names) {
    List<Element> found = new ArrayList<>();
    try {
      XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT
            && names.contains(reader.getLocalName())) {
          String name = reader.getLocalName();
          found.add(new Element(name, reader.getElementText()));
        }
      }
      return found;
    } catch (XMLStreamException e) {
      return List.of();
    }
  }

  /** The first of this name, or empty. */
  public static String first(byte[] document, String name) {
    List<Element> found = read(document, Set.of(name));
    return found.isEmpty() ? "" : found.getFirst().text();
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }
}
