"""FIL612: certificates are not checked, so that anybody on the way can pose as the other side."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.addresses import runs
from filot_lint.facts import EntryPoint, EnvDeclaration, EnvProvision, EnvRead, TlsSetting
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.secrets import is_local
from filot_lint.values import Literal, Ref, Value, literals, options
from filot_lint.workspace.index import Index

SWITCHES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("off", "Node"),
    "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION": ("on", "the Temporal client"),
    "PYTHONHTTPSVERIFY": ("off", "Python 2 and some builds of Python 3"),
}
"""Variables that switch the check off for a whole program: with which value, and for whom."""
OFF = frozenset({"false", "0", "none", "cert_none", "no"})
UNPLACED = "nothing shows which deployable runs this file"


@check("FIL612")
def tls_verification_disabled(index: Index) -> Iterator[Hit]:
    """Look at what code says, at the variables of Node and others in manifests, and at what scripts set."""
    for setting in index.of(TlsSetting):
        if runs(setting) and _is_off(setting.verify) and not _is_near(setting.address):
            yield _of_code(setting)
    for name, (off, who) in SWITCHES.items():
        for fact in _set(index, name):
            if off in fact.traits:
                example = isinstance(fact, EnvDeclaration)
                yield Hit(
                    fact.location,
                    {"what": f"`{name}` makes {who} trust any certificate", "reach": "all connections of the program"},
                    severity=Severity.WARNING if example or name == "PYTHONHTTPSVERIFY" else Severity.ERROR,
                    label="an example that people copy" if example else "set here",
                )


def _of_code(setting: TlsSetting) -> Hit:
    process = setting.concerns == "process"
    return Hit(
        setting.location,
        {
            "what": f"`{setting.argument}` switches the check of certificates off",
            "reach": "all connections of the program" if process else "the connections that are made with this",
        },
        severity=Severity.ERROR if process else None,
        confidence=None if setting.components or process else Confidence.MEDIUM,
        reason=None if setting.components or process else UNPLACED,
        label="any certificate will do",
    )


def _set(index: Index, name: str) -> Iterator[EnvDeclaration | EnvProvision | EnvRead]:
    """Yield the places outside of code that give a variable to something that runs in production."""
    yield from (declared for declared in index.declarations.get(name, ()) if not declared.commented_out)
    yield from (given for given in index.provisions.get(name, ()) if given.channel not in {"ci", "image-arg"})
    starts = {(e.file, e.line) for e in index.of(EntryPoint) if e.role == "deployable"}
    for written in index.of(EnvRead):
        script = written.via == "package-json" and (written.file, written.line) not in starts
        if written.name == name and written.access == "write" and written.traits and runs(written) and not script:
            yield written


def _is_off(value: Value) -> bool:
    """Whether all that the setting can be switches the check off."""
    return all(
        (isinstance(option, Literal) and option.text.lower() in OFF)
        or (isinstance(option, Ref) and option.path[-1:] in {("CERT_NONE",), ("_create_unverified_context",)})
        for option in options(value)
    )


def _is_near(address: Value | None) -> bool:
    known = [literal.text for literal in literals(address)]
    return bool(known) and all(is_local(text) for text in known)
