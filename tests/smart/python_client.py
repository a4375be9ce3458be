"""fhirclient (PyPI) through a SMART launch: python_client.py BASE REDIRECT.

Prints the address to sign in at, reads the address that the browser came back to, and prints what the client then sees.
"""
import json
import sys

from fhirclient import client
from fhirclient.models import condition, patient

base, redirect = sys.argv[1:]
smart = client.FHIRClient(
    settings={
        "app_id": "smart-py",
        "api_base": base,
        "redirect_uri": redirect,
        "scope": "launch/patient patient/Patient.rs patient/Condition.rs openid fhirUser",
    }
)
smart.prepare()
print(smart.authorize_url, flush=True)
smart.handle_callback(sys.stdin.readline().strip())


def status(other):
    try:
        patient.Patient.read(other, smart.server)
    except Exception as error:  # The client has one class for each status.
        return error.response.status_code
    return 200


found = condition.Condition.where({"patient": smart.patient_id}).perform_resources(smart.server)
print(
    json.dumps(
        {
            "patient": smart.patient_id,
            "name": smart.human_name(smart.patient.name[0]),
            "conditions": len(found),
            "other": status("healthjump.pt.700102"),
        }
    ),
    flush=True,
)
