"""What the XML binding of EPCIS has beside the table of terms: namespaces, and how each member is wrapped.

- Standard elements have no namespace; only the document's root has one, by which its version is known.
- `ITEMS`: a list stands in an element of its name, each item in an element of the name given here.
- What repeats and is not in `ITEMS` (`set`, `sensorReport`) repeats without a wrapper.
- `TEXT_OF`: of these objects one member is the text of the element, the others are attributes.
- `AS_ATTRIBUTES`: of these objects all members are attributes, extensions too.
- `WRAPPERS` hold what a later version added; in which of them what stands is a matter of the version alone.

    ITEMS["epcList"]  ->  "epc"

GS1 EPCIS 2.0 section 9.5, EPCIS 1.2 section 9.5 (the schemas), section 9.1 (extension mechanism).
"""

from types import MappingProxyType

EPCIS = MappingProxyType({"2.0": "urn:epcglobal:epcis:xsd:2", "1.2": "urn:epcglobal:epcis:xsd:1"})
QUERY = MappingProxyType({"2.0": "urn:epcglobal:epcis-query:xsd:2", "1.2": "urn:epcglobal:epcis-query:xsd:1"})
MASTER = MappingProxyType(
    {"2.0": "urn:epcglobal:epcis-masterdata:xsd:2", "1.2": "urn:epcglobal:epcis-masterdata:xsd:1"}
)
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"

# A standard element is one without a namespace, or, as some programs write it, in the namespace of the root.
OWN = frozenset({"", *EPCIS.values(), *QUERY.values(), *MASTER.values()})
# Namespaces of the machinery: no prefix of an extension, whatever they are bound to.
MACHINERY = OWN | {SBDH, XSI, XSD, XML, "urn:epcglobal:xsd:1"}

ITEMS = MappingProxyType(
    {
        **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), "epc"),
        **dict.fromkeys(
            ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), "quantityElement"
        ),
        "bizTransactionList": "bizTransaction",
        "sourceList": "source",
        "destinationList": "destination",
        "sensorElementList": "sensorElement",
        "correctiveEventIDs": "correctiveEventID",
    }
)
TEXT_OF = MappingProxyType({"bizTransaction": "bizTransaction", "source": "source", "destination": "destination"})
AS_ATTRIBUTES = frozenset({"sensorMetadata", "sensorReport"})
WRAPPERS = frozenset({"extension", "baseExtension"})
# Members of the JSON that are no element of their own in XML.
NOT_ELEMENTS = frozenset({"@context", "type"})

# The text of an element that has attributes or elements beside it; the event hash knows it by this name.
TEXT = "#text"
