"""Imports the modules that are named, and says as JSON which of them cannot be imported and why."""

import importlib
import json
import sys

errors = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        errors[name] = "%s: %s" % (type(error).__name__, error)
print("\n" + json.dumps(errors))
