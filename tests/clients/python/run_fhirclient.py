"""fhirclient: the SMART on FHIR library, which takes every resource apart into classes and refuses what does not fit."""

import requests
from check import BASE, GONE, PATIENT, asked, equal, plain, refused, run
from fhirclient import client
from fhirclient.models.bundle import Bundle
from fhirclient.models.capabilitystatement import CapabilityStatement
from fhirclient.models.condition import Condition
from fhirclient.models.encounter import Encounter
from fhirclient.models.location import Location
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.organization import Organization
from fhirclient.models.patient import Patient
from fhirclient.models.practitioner import Practitioner
from fhirclient.models.procedure import Procedure
from fhirclient.server import FHIRNotFoundException

smart = client.FHIRClient(settings={"app_id": "chartgate-test", "api_base": BASE})
server = smart.server
TYPES = [Patient, Encounter, Condition, Procedure, Practitioner, Location, Organization]


def key(resource):
    return f"{resource.resource_type}/{resource.id}"


def statement():
    """reads the CapabilityStatement"""
    found = CapabilityStatement.read_from("metadata", server)
    equal(found.fhirVersion, "4.0.1")
    return f"{len(found.rest[0].resource)} types"


def paging():
    """pages through a search of every type, resource by resource into classes"""
    told = []
    for kind in TYPES:
        pages = list(kind.where({"_count": "20"}).perform_iter(server))
        found = [key(entry.resource) for page in pages for entry in page.entry]
        equal(len(found), plain(f"{kind.resource_type}?_summary=count")[2]["total"])
        equal(len(set(found)), len(found), "different ids")
        told.append(f"{kind.resource_type} {len(found)} on {len(pages)}")
    return ", ".join(told)


def search():
    """searches by several parameters"""
    found = Condition.where({"patient": PATIENT, "clinical-status": "active", "_count": "1000"})
    found = sorted(key(c) for c in found.perform_resources_iter(server))
    equal(found, asked(f"Condition?patient={PATIENT}&clinical-status=active&_count=1000"))
    return f"{len(found)} active conditions"


def include():
    """includes what matches refer to"""
    wanted = Condition.where({"patient": PATIENT, "_count": "1000"}).include("encounter")
    page = next(wanted.perform_iter(server))
    included = sorted(key(e.resource) for e in page.entry if e.search.mode == "include")
    conditions = [e.resource for e in page.entry if e.search.mode == "match"]
    referred = {c.encounter.reference for c in conditions if c.encounter and c.encounter.reference}
    equal(included, sorted(referred))
    return f"{len(included)} visits"


def revinclude():
    """includes what refers to a match"""
    wanted = Patient.where({"_id": PATIENT}).include("subject", Condition, reverse=True)
    page = next(wanted.perform_iter(server))
    included = sorted(key(e.resource) for e in page.entry if e.search.mode == "include")
    equal(included, asked(f"Condition?patient={PATIENT}&_count=1000"))
    return f"{len(included)} conditions"


def read():
    """reads into a class and writes the same JSON"""
    patient = Patient.read(PATIENT, server)
    equal(patient.as_json(), plain(f"Patient/{PATIENT}")[2])
    assert patient.birthDate.date.year > 1900
    return smart.human_name(patient.name[0])


def etag():
    """reads not again what has not changed"""
    patient = Patient.read(PATIENT, server)
    version = f'W/"{patient.meta.versionId}"'
    equal(server._get(f"Patient/{PATIENT}").headers["ETag"], version)
    again = server._get(f"Patient/{PATIENT}", headers={"If-None-Match": version})
    equal((again.status_code, again.content), (304, b""))
    return "304"


def references():
    """resolves references"""
    visit = next(Encounter.where({"patient": PATIENT, "_count": "1"}).perform_resources_iter(server))
    visit._server = server
    patient = visit.subject.resolved(Patient)
    if patient is None:
        patient = Patient.read_from(visit.subject.reference, server)
    equal(patient.id, PATIENT)
    return visit.subject.reference


def errors():
    """is told what is wrong"""
    def outcome(response, status, code):
        equal(response.status_code, status)
        told = OperationOutcome(response.json())
        equal(told.issue[0].code, code)

    outcome(refused(FHIRNotFoundException, Patient.read, "none", server).response, 404, "not-found")
    outcome(refused(requests.HTTPError, Patient.read, GONE, server).response, 410, "deleted")
    wrong = Patient.where({"birthdate": "1980-13"})
    outcome(refused(requests.HTTPError, wrong._read_bundle, server).response, 400, "value")
    strict = {"Prefer": "handling=strict"}
    refusal = refused(requests.HTTPError, server.request_data, "Patient?birthdat=1980", headers=strict)
    outcome(refusal.response, 400, "not-supported")
    page = Bundle.read_from("Patient?birthdat=1980&_count=1", server)
    told = [e.resource for e in page.entry if e.search.mode == "outcome"]
    assert "birthdate" in told[0].issue[0].diagnostics
    new = Patient({"name": [{"family": "Nobody"}]})
    outcome(refused(requests.HTTPError, new.create, server).response, 405, "not-supported")
    return "404, 410, 400, 400, a warning, 405"


run("fhirclient (PyPI)", [statement, paging, search, include, revinclude, read, etag, references, errors])
