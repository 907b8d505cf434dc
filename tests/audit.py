"""Known vulnerabilities of the pinned packages, as the public database OSV tells them: `make audit`, and the last word of `make test`.

Exit code 0 when none is known, 1 when some are, 2 when the database does not answer.
"""

from __future__ import annotations

import json
import sys
import urllib.request

from tests.served import ROOT

DATABASE = "https://api.osv.dev/v1/querybatch"
PATIENCE = 5.0  # seconds


def known(pins: list[tuple[str, str]], database: str = DATABASE) -> dict[str, list[str]]:
    """Package → its vulnerabilities; raises OSError or ValueError when the database does not answer, or not as it should."""
    queries = [{"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in pins]
    request = urllib.request.Request(database, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        answer = json.load(response)
    results = answer.get("results", []) if isinstance(answer, dict) else []
    found = {f"{name} {version}": [each["id"] for each in one.get("vulns", [])] for (name, version), one in zip(pins, results, strict=True)}
    return {package: names for package, names in found.items() if names}


def main() -> int:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = [(name, version) for name, _, version in (line.partition("==") for line in lines if not line.startswith("#"))]
    try:
        found = known(pins)
    except (OSError, ValueError) as failure:
        print(f"audit: NOT DONE, {DATABASE} does not answer: {failure}")
        return 2
    for package, names in found.items():
        print(f"audit: {package} is vulnerable: {', '.join(names)}")
    print(f"audit: {len(found)} of {len(pins)} pinned packages have a known vulnerability")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
