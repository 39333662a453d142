"""Carries out what it is asked for, a line of JSON each, with the Python clients of Azure and Azure DevOps, and answers
with what those clients made of the service's answer."""

import json
import sys
from importlib.metadata import distributions

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.devops.exceptions import AzureDevOpsServiceError

import containers
import devops


def versions(**_):
    """The installed packages, by their name."""
    found = {each.metadata["Name"]: each.version for each in distributions()}
    return {"python": sys.version.split()[0], **found}


def failure(error):
    """What a client makes of a refusal: the type of its error and what that carries."""
    found = {"type": type(error).__name__, "message": str(error)}
    if isinstance(error, AzureDevOpsServiceError):
        found["code"] = error.type_key
    elif isinstance(error, ClientAuthenticationError):
        found["status"] = error.status_code
    elif isinstance(error, HttpResponseError):
        found["status"] = error.status_code
        found["code"] = error.error.code if error.error else None
    return found


def wire(value):
    """Models as the members of the wire."""
    if isinstance(value, list):
        return [wire(each) for each in value]
    return value.serialize(keep_readonly=True) if hasattr(value, "serialize") else value


def main():
    methods = {"versions": versions, **devops.methods(), **containers.methods()}
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {"id": asked["id"]}
        try:
            answer["value"] = wire(methods[asked["method"]](**asked["args"]))
        except Exception as error:  # whatever it is, it is what the test asked for
            answer["error"] = failure(error)
        print(json.dumps(answer), flush=True)


main()
