"""/openapi.json by a reader of OpenAPI 3.1 that others wrote."""

import json
import os
import urllib.request

from check import BASE, equal, run
from openapi_spec_validator import OpenAPIV31SpecValidator

HOST = BASE.removesuffix("/fhir")
BASES = ["fhir", *(f"{source}/fhir" for source in os.environ["CHARTGATE_SOURCES"].split())]


def document(base):
    with urllib.request.urlopen(f"{HOST}/{base}/openapi.json") as response:
        return json.load(response)


def documents():
    return {base: document(base) for base in BASES}


def valid():
    """valid by the specification's own schema, all references included"""
    for each in documents().values():
        OpenAPIV31SpecValidator(each).validate()
    return f"{len(BASES)} documents"


def addressed():
    """each names the base that it is for"""
    for base, each in documents().items():
        equal(each["servers"], [{"url": f"{HOST}/{base}"}], base)
    return "servers"


def judged():
    """a broken one is not valid"""
    broken = document("fhir")
    path = next(iter(broken["paths"]))
    del broken["paths"][path]["get"]["responses"]["200"]["description"]
    if OpenAPIV31SpecValidator(broken).is_valid():
        raise AssertionError("the validator does not see it")
    return path


run("openapi (PyPI)", [valid, addressed, judged])
