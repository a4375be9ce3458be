"""What the clients in Python share: checks, and the same questions asked by plain HTTP."""

import json
import os
import sys
import urllib.error
import urllib.request

BASE = os.environ["CHARTGATE_URL"]
# A patient of a sample with conditions, visits and procedures.
PATIENT = "healthjump.pt.700101"
# One that its source has deleted.
GONE = "healow.pt.5011"


def plain(path, **headers):
    """Plain HTTP: status, headers and JSON."""
    request = urllib.request.Request(f"{BASE}/{path}", headers=headers)
    try:
        response = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        body = response.read()
        return response.status, response.headers, json.loads(body) if body else None


def ids(bundle, mode=None):
    entries = [e for e in bundle.get("entry", []) if mode is None or e["search"]["mode"] == mode]
    return sorted(f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in entries)


def asked(path, mode="match"):
    """The ids that plain HTTP finds."""
    return ids(plain(path)[2], mode)


def equal(found, wanted, what="value"):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} and not {wanted!r}")


def refused(exception, call, *args, **kwargs):
    """The exception, which the call must raise."""
    try:
        call(*args, **kwargs)
    except exception as error:
        return error
    raise AssertionError("it was not refused")


def run(client, checks):
    """Runs the checks, prints a line for each and the sum; ends with 1 when one fails."""
    failed = 0
    for check in checks:
        what = check.__doc__
        try:
            print(f"ok      {client}: {what}: {check()}")
        except Exception as error:
            failed += 1
            print(f"FAILED  {client}: {what}: {type(error).__name__}: {str(error)[:1000]}")
    print(f"result  {client} {len(checks)} {failed}")
    sys.exit(1 if failed else 0)
