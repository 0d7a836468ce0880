"""Packages import themselves and what stands to their left; settings, urls and celery stand above all."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = [
    "portal.lib",
    "portal.cities",
    "portal.publishing",
    "portal.facts",
    "portal.media",
    "clusters",
    "projects",
    "portal.search",
    "portal.compare",
    "portal.briefs",
    "portal.inquiries",
    "portal.follow",
    "portal.staff",
    "portal.pages",
]
FORBIDDEN_NAMES = {"services", "selectors", "utils", "helpers", "managers", "signals"}


def package_of(module):
    """The entry of ORDER that `module` lies in; "above" for the rest of our own code; None for others' code."""
    for package in ORDER:
        if module == package or module.startswith(f"{package}."):
            return package
    return "above" if module == "portal" or module.startswith(("portal.", "tests.", "deploy.")) else None


def imported_modules(tree, package_path):
    """Dotted names of all that a file imports, wherever in the file the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package_path[: len(package_path) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            # `from portal import briefs` names the module in the list, not before it.
            yield from (f"{module}.{name.name}" for name in node.names)


def wrong_imports(package, source, package_path):
    """The imports in `source`, a file of `package`, that point to the right or above."""
    allowed = ORDER[: ORDER.index(package) + 1]
    imports = imported_modules(ast.parse(source), package_path)
    return [name for name in imports if package_of(name) not in {None, *allowed}]


def files(package):
    return sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


@pytest.mark.parametrize("package", ORDER)
def test_package_imports_only_to_its_left(package):
    found = files(package)
    assert found, f"{package} has no files: is ORDER still true?"
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in found
        for name in wrong_imports(package, path.read_text(), path.relative_to(ROOT).parts[:-1])
    ]
    assert wrong == []


def test_every_package_stands_in_the_order():
    folders = [path.parent for path in [*ROOT.glob("*/apps.py"), *ROOT.glob("portal/*/apps.py")]]
    assert {".".join(folder.relative_to(ROOT).parts) for folder in folders} == set(ORDER)


def test_files_are_named_after_their_subject():
    assert [path for package in ORDER for path in files(package) if path.stem in FORBIDDEN_NAMES] == []


@pytest.mark.parametrize(
    "source",
    [
        "from portal.briefs.models import Brief",
        "import portal.briefs.models",
        "from portal import briefs",
        "def late():\n    from projects import models",
        "from ..briefs import models",
        "from portal import settings",
        "from portal.celery import app",
    ],
)
def test_a_wrong_import_is_found(source):
    assert wrong_imports("portal.facts", source, ("portal", "facts"))


@pytest.mark.parametrize(
    "source", ["import datetime", "from django.conf import settings", "from . import models", "from ..lib import text"]
)
def test_a_right_import_is_let_through(source):
    assert wrong_imports("portal.facts", source, ("portal", "facts")) == []
