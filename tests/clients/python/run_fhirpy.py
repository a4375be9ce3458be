"""fhirpy: resources as dictionaries, synchronous and not."""

import asyncio
import json

from check import BASE, GONE, PATIENT, asked, equal, ids, plain, refused, run
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

client = SyncFHIRClient(BASE)
strict = SyncFHIRClient(BASE, extra_headers={"Prefer": "handling=strict"})


def key(resource):
    return f"{resource.resourceType}/{resource.id}"


def paging():
    """pages through a search"""
    found = [key(c) for c in client.resources("Condition").limit(25).fetch_all()]
    equal(len(found), plain("Condition?_summary=count")[2]["total"])
    equal(len(set(found)), len(found), "different ids")
    return f"{len(found)} by 25"


def paging_async():
    """pages through a search without blocking"""
    async def walk():
        everything = AsyncFHIRClient(BASE).resources("Encounter").limit(25)
        return [key(visit) async for visit in everything]

    found = asyncio.run(walk())
    equal(len(found), plain("Encounter?_summary=count")[2]["total"])
    return f"{len(found)} by 25"


def count():
    """counts"""
    found = client.resources("Condition").search(patient=PATIENT)
    equal(found.count(), len(asked(f"Condition?patient={PATIENT}&_count=1000")))
    return found.count()


def search():
    """searches by several parameters, sorted"""
    found = client.resources("Condition").search(patient=PATIENT, clinical_status="active").sort("-onset-date")
    path = f"Condition?patient={PATIENT}&clinical-status=active&_sort=-onset-date&_count=1000"
    wanted = [e["resource"]["id"] for e in plain(path)[2]["entry"]]
    equal([c.id for c in found.limit(1000).fetch()], wanted)
    return f"{len(wanted)} conditions"


def chain():
    """searches by what others say: chains and has"""
    chained = client.resources("Condition").search(patient__Patient__birthdate__ge="1900").limit(1000).fetch()
    equal(sorted(key(c) for c in chained), asked("Condition?patient:Patient.birthdate=ge1900&_count=1000"))
    owned = client.resources("Patient").has("Condition", "patient", clinical_status="active").limit(1000).fetch()
    equal(sorted(key(p) for p in owned), asked("Patient?_has:Condition:patient:clinical-status=active&_count=1000"))
    return f"{len(chained)} conditions, {len(owned)} patients"


def include():
    """includes both ways"""
    forth = client.resources("Condition").search(patient=PATIENT).include("Condition", "encounter").limit(1000)
    forth = forth.fetch_raw()
    referred = {e.resource.encounter.reference for e in forth.entry if e.resource.get("encounter", {}).get("reference")}
    equal(ids(forth, "include"), sorted(referred))
    back = client.resources("Patient").search(_id=PATIENT).revinclude("Condition", "patient").fetch_raw()
    equal(ids(back, "include"), asked(f"Condition?patient={PATIENT}&_count=1000"))
    return f"{len(referred)} and {len(ids(back, 'include'))}"


def read():
    """reads by reference, and resolves references"""
    patient = client.reference("Patient", PATIENT).to_resource()
    equal(json.loads(json.dumps(patient.serialize())), plain(f"Patient/{PATIENT}")[2])
    visit = client.resources("Encounter").search(patient=PATIENT).first()
    equal(visit.subject.to_resource().id, PATIENT)
    equal(client.get("Patient", PATIENT).id, PATIENT)
    return key(patient)


def etag():
    """reads not again what has not changed"""
    version = plain(f"Patient/{PATIENT}")[1]["ETag"]
    path, known = f"Patient/{PATIENT}", {"If-None-Match": version}
    _, status = client._do_request("get", path, extra_headers=known, returning_status=True)
    equal(status, 304)
    patient, status = client._do_request("get", path, extra_headers={"If-None-Match": 'W/"0"'}, returning_status=True)
    equal((status, f'W/"{patient["meta"]["versionId"]}"'), (200, version))
    return "304, and 200 for another version"


def errors():
    """is told what is wrong"""
    def code(error):
        outcome = getattr(error, "resource", None) or json.loads(str(error))
        equal(outcome["resourceType"], "OperationOutcome")
        return outcome["issue"][0]["code"]

    equal(code(refused(ResourceNotFound, client.get, "Patient", "none")), "not-found")
    equal(code(refused(ResourceNotFound, client.get, "Patient", GONE)), "deleted")
    wrong = client.resources("Patient").search(birthdate="1980-13")
    equal(code(refused(OperationOutcome, wrong.fetch)), "value")
    unknown = strict.resources("Patient").search(birthdat="1980")
    equal(code(refused(OperationOutcome, unknown.fetch)), "not-supported")
    new = client.resource("Patient", name=[{"family": "Nobody"}])
    equal(code(refused(OperationOutcome, new.save)), "not-supported")
    return "404, 410, 400, 400, 405"


run("fhirpy", [paging, paging_async, count, search, chain, include, read, etag, errors])
